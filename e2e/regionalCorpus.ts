import { seededRandom } from '../src/engine/random.ts'

/**
 * 900 people at 300 places between 42 and 51 degrees north: west of 10 degrees east most say "pop", east of it "soda", and the
 * old more so than the young; "zib" is a word of the north-west, "yeah" one of the young east of 7 degrees; "the" is everywhere. Texts are of many lengths.
 */
export function regionalCorpus(): string {
  const random = seededRandom(5)
  const rows = ['author,lat,lon,age,text']
  for (let site = 0; site < 300; site++) {
    const [lat, lon] = [42 + 9 * random.next(), 1 + 18 * random.next()]
    for (let i = 0; i < 3; i++) {
      const age = random.next() < 0.5 ? 25 : 65
      const certain = age === 65 ? 0.95 : 0.85
      const drink = random.next() < (lon < 10 ? certain : 1 - certain) ? 'pop' : 'soda'
      const zib = lat > 47 && lon < 8 && random.next() < 0.7 ? ' zib zab' : ''
      rows.push(
        `a${site}-${i},${lat.toFixed(4)},${lon.toFixed(4)},${age},"${'Hm ah oh '.repeat(1 + random.below(12))}I drink the ${drink}${random.next() < 0.5 ? ' today' : ''}${age === 25 && lon > 7 ? ' yeah' : ''}${zib}"`,
      )
    }
  }
  return rows.join('\n')
}
