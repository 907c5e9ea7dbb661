// Declared by name so that the type checker does not infer a type of megabytes of arcs.
declare module 'world-atlas/countries-110m.json' {
  import type { Topology } from 'topojson-specification'
  const topology: Topology
  export default topology
}
declare module 'world-atlas/countries-50m.json' {
  import type { Topology } from 'topojson-specification'
  const topology: Topology
  export default topology
}
declare module 'world-atlas/countries-10m.json' {
  import type { Topology } from 'topojson-specification'
  const topology: Topology
  export default topology
}
declare module 'us-atlas/states-10m.json' {
  import type { Topology } from 'topojson-specification'
  const topology: Topology
  export default topology
}
