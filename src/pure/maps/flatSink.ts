import type { GeoStream } from 'd3-geo'

/** A polygon as deck.gl takes it: positions x, y interleaved, hole k begins at index holeIndices[k] of that array. */
export interface FlatPolygon {
  positions: Float64Array
  holeIndices: number[]
}

export interface FlatGeometry {
  polygons: FlatPolygon[]
  /** Pieces of the lines that were streamed: x1, y1, x2, y2. */
  segments: Float32Array
  /** Pieces of the polygons' rings. */
  outlines: Float32Array
}

type Ring = number[]

/**
 * The end of a d3-geo stream that keeps flat arrays instead of drawing. Clipping may cut one polygon into
 * several rings; d3 winds outer rings clockwise on the screen, and each hole goes to the ring round it.
 */
export function flatSink(): { stream: GeoStream; result: () => FlatGeometry } {
  const polygons: FlatPolygon[] = []
  const segments: number[] = []
  const outlines: number[] = []
  let rings: Ring[] | null = null
  let line: Ring = []
  const stream: GeoStream = {
    point(x, y) {
      line.push(x, y)
    },
    lineStart() {
      line = []
    },
    lineEnd() {
      if (rings) rings.push(line)
      else appendPieces(line, false, segments)
    },
    polygonStart() {
      rings = []
    },
    polygonEnd() {
      for (const ring of rings ?? []) appendPieces(ring, true, outlines)
      polygons.push(...assemble(rings ?? []))
      rings = null
    },
    sphere() {
      // Only a projection's own clipping turns a sphere into rings; it never reaches the sink.
    },
  }
  return {
    stream,
    result: () => ({ polygons, segments: Float32Array.from(segments), outlines: Float32Array.from(outlines) }),
  }
}

function appendPieces(line: Ring, closed: boolean, pieces: number[]): void {
  for (let i = 0; i + 3 < line.length; i += 2) pieces.push(line[i]!, line[i + 1]!, line[i + 2]!, line[i + 3]!)
  if (closed && line.length >= 6) pieces.push(line[line.length - 2]!, line[line.length - 1]!, line[0]!, line[1]!)
}

function assemble(rings: Ring[]): FlatPolygon[] {
  const usable = rings.filter((ring) => ring.length >= 6)
  const outer = usable.filter((ring) => signedArea(ring) > 0)
  const holesOf = outer.map((): Ring[] => [])
  for (const hole of usable.filter((ring) => signedArea(ring) <= 0)) {
    const owner = outer.length === 1 ? 0 : outer.findIndex((ring) => holds(ring, hole[0]!, hole[1]!))
    holesOf[owner]?.push(hole)
  }
  return outer.map((ring, i) => {
    const holeIndices: number[] = []
    const positions = [...ring]
    for (const hole of holesOf[i]!) {
      holeIndices.push(positions.length)
      for (const value of hole) positions.push(value)
    }
    return { positions: Float64Array.from(positions), holeIndices }
  })
}

/** Twice the area; positive when clockwise on a screen whose y points down. */
function signedArea(ring: Ring): number {
  let sum = 0
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    sum += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!
  }
  return sum
}

function holds(ring: Ring, x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const crosses = ring[i + 1]! > y !== ring[j + 1]! > y
    if (crosses && x < ((ring[j]! - ring[i]!) * (y - ring[i + 1]!)) / (ring[j + 1]! - ring[i + 1]!) + ring[i]!) {
      inside = !inside
    }
  }
  return inside
}
