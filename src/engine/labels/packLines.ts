import type { FlatLine } from '#engine/geo/flatGeometry.ts'

/** Lines one after the other: line k is vertices starts[k] to starts[k + 1], which is exclusive. */
export function packLines(lines: FlatLine[]): { vertices: Float32Array; starts: Uint32Array } {
  const starts = new Uint32Array(lines.length + 1)
  lines.forEach((line, k) => (starts[k + 1] = starts[k]! + line.length / 2))
  const vertices = new Float32Array(2 * starts[lines.length]!)
  lines.forEach((line, k) => vertices.set(line, 2 * starts[k]!))
  return { vertices, starts }
}
