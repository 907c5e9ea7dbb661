import { test } from 'vitest'
import { labelSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { contains } from '#engine/geo/dissolveRings.ts'
import { haversineKm } from '#engine/geo/greatCircle.ts'
import { mapBoxes } from '#engine/geo/mapBoxes.ts'
import { pointsOf } from '#engine/geo/testPlaces.ts'
import { seededRandom } from '#engine/random.ts'
import { fitLabelSet } from './labelSet.ts'
import { scatteredPoints } from './testCorpora.ts'
test('x', async () => {
  const random = seededRandom(11)
  const alps = scatteredPoints(3000, random, 25)
  const set = await fitLabelSet(labelSettings.parse({ method: 'kd-tree', bucket: 40, assign: 'nearest-median' }), alps, quietContext)
  const b = mapBoxes(alps)[0]!
  const areas = set.areas(alps)
  console.log(set.labels.length, b)
  for (let i = 0; i < 20000; i++) {
    const lat = b.south + (b.north - b.south) * random.next(), lon = b.west + (b.east - b.west) * random.next()
    const a = set.assign(pointsOf([lat, lon]))[0]!
    const h = areas.flatMap((rings, l) => rings.filter((r) => contains(r, lon, lat)).map(() => l))
    if (String(h) !== String(a)) {
      const d = set.labels.map((l) => haversineKm(lat, lon, l.lat, l.lon)).sort((x, y) => x - y)
      console.log(a, h, lat, lon, d[1]! - d[0]!, d[0])
    }
  }
})
