import type { Position } from 'geojson'

/** A polygon Shapefile as ESRI's description (1998) has it; rings clockwise. */
export function shapefile(polygons: Position[][][]): Buffer {
  const records = polygons.map((rings, i) => {
    const points = rings.flat()
    const body = Buffer.alloc(8 + 44 + 4 * rings.length + 16 * points.length)
    body.writeInt32BE(i + 1, 0)
    body.writeInt32BE((body.length - 8) / 2, 4)
    body.writeInt32LE(5, 8)
    const [xs, ys] = [points.map(([x]) => x!), points.map(([, y]) => y!)]
    ;[Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].forEach((v, k) =>
      body.writeDoubleLE(v, 12 + 8 * k),
    )
    body.writeInt32LE(rings.length, 44)
    body.writeInt32LE(points.length, 48)
    let first = 0
    rings.forEach((ring, k) => {
      body.writeInt32LE(first, 52 + 4 * k)
      first += ring.length
    })
    points.forEach(([x, y], k) => {
      body.writeDoubleLE(x!, 52 + 4 * rings.length + 16 * k)
      body.writeDoubleLE(y!, 60 + 4 * rings.length + 16 * k)
    })
    return body
  })
  const header = Buffer.alloc(100)
  header.writeInt32BE(9994, 0)
  header.writeInt32BE((100 + records.reduce((sum, { length }) => sum + length, 0)) / 2, 24)
  header.writeInt32LE(1000, 28)
  header.writeInt32LE(5, 32)
  return Buffer.concat([header, ...records])
}
