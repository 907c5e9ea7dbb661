import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KwicAnswer } from '#protocol/explorer.ts'
import { seededRandom } from '#engine/random.ts'
import { isogloss } from './commandLine.ts'

let directory: string
let project: string

/**
 * 900 informants at 300 sites between 40 and 50 degrees north; west of 10 degrees east most say "pop", east of it "soda";
 * "the" is everywhere, and "zib" in the north-west.
 */
function survey(): string {
  const random = seededRandom(5)
  const rows = ['author,lat,lon,age,text']
  for (let site = 0; site < 300; site++) {
    const [lat, lon] = [40 + 10 * random.next(), 20 * random.next()]
    for (let i = 0; i < 3; i++) {
      const drink = random.next() < (lon < 10 ? 0.95 : 0.05) ? 'pop' : 'soda'
      const zib = lat > 46 && lon < 8 && random.next() < 0.7 ? ' zib zab' : ''
      rows.push(
        `a${site}-${i},${lat.toFixed(4)},${lon.toFixed(4)},${20 + (site % 50)},"I drink the ${drink}${random.next() < 0.5 ? ' today' : ''}${zib}"`,
      )
    }
  }
  return rows.join('\n')
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-explorer-'))
  project = join(directory, 'project')
  await writeFile(join(directory, 'survey.csv'), survey())
  const imported = await isogloss('import', join(directory, 'survey.csv'), '--project', project)
  expect(imported.code, imported.stderr).toBe(0)
}, 60_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

async function asked<Answer>(command: string, ...args: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await isogloss(command, ...args, '--project', project, '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Answer
}

describe('kwic', () => {
  it('counts all hits and shows each in its context', async () => {
    const { hits, informants, lines } = await asked<KwicAnswer>('kwic', 'zib', '--context', '2', '--limit', '5')
    expect(hits).toBeGreaterThan(20)
    expect(informants).toBe(hits)
    expect(lines).toHaveLength(5)
    for (const { left, hit, right, lat, lon, start, end, columns } of lines) {
      expect(hit).toBe('zib')
      expect(right).toBe(' zab')
      expect(left).toMatch(/^\w+ \w+ $/)
      expect(end - start).toBe(3)
      expect(lat).toBeGreaterThan(46)
      expect(lon).toBeLessThan(8)
      expect(Number(columns['age'])).toBeGreaterThanOrEqual(20)
    }
    expect(lines.map(({ lat }) => lat)).toEqual(lines.map(({ lat }) => lat).sort((a, b) => a - b))
  }, 60_000)

  it('takes phrases, wildcards, expressions and conditions, and sorts by what stands beside', async () => {
    const phrase = await asked<KwicAnswer>('kwic', '"the soda"')
    const wildcard = await asked<KwicAnswer>('kwic', 'so*')
    const expression = await asked<KwicAnswer>('kwic', '/s.d./')
    expect(phrase.hits).toBe(wildcard.hits)
    expect(expression.hits).toBe(wildcard.hits)
    const young = await asked<KwicAnswer>('kwic', 'so*', '--where', 'age=20..44')
    const old = await asked<KwicAnswer>('kwic', 'so*', '--where', 'age=45..')
    expect(young.hits + old.hits).toBe(wildcard.hits)
    const sorted = await asked<KwicAnswer>('kwic', 'pop,soda', '--sort', 'right', '--context', '1')
    const right = sorted.lines.map((line) => line.right)
    expect(right).toEqual(right.toSorted())
  }, 60_000)

  it('answers again from what it kept, and refuses in words what it cannot read', async () => {
    const kept = (await readdir(join(project, 'answers'))).length
    await asked<KwicAnswer>('kwic', 'so*')
    expect(await readdir(join(project, 'answers'))).toHaveLength(kept)
    const refusals = [
      [['kwic', '/(/', '--project', project], /explorer\/bad-pattern/],
      [['kwic', 'pop', '--project', project, '--where', 'sex=f'], /corpus\/no-column: .*age/],
      [['kwic', 'pop', '--project', project, '--where', 'age=99'], /explorer\/nothing-selected/],
      [['kwic', 'pop', '--project', project, '--corpus', 'other'], /explorer\/no-corpus: .*survey/],
    ] as const
    for (const [args, message] of refusals) {
      const { code, stderr } = await isogloss(...args)
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)])
    }
    expect((await isogloss('kwic', 'pop', '--project', project, '--where', 'age')).code).toBe(2)
  }, 60_000)
})
