import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AreaDifferences } from '#protocol/comparison.ts'
import type { LabelSetSummary } from '#protocol/labelSets.ts'
import { isogloss } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let project: string
let file: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-fair-'))
  project = join(directory, 'project')
  const yaml = (await readFile(await smallExperiment(directory), 'utf8'))
    .replace('name: small', 'name: fair')
    .replace(
      /^labels: .*$/m,
      'labels: {kd: {match: p2c}, kd-fine: {bucket: 10}, p2c: {method: point2city, radiusKm: 200}, wide: {method: point2city, match: kd-fine}}',
    )
    .replace(/^models:\n( {2}.*\n)+/m, 'models: {nb: {method: naive-bayes}, near: {method: nearest-neighbour}}\n')
    .replace('matrix: {seeds: [1]}', 'matrix: {seeds: [1], labels: [kd, wide]}')
  file = join(directory, 'fair.yaml')
  await writeFile(file, yaml)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

it('schemes are matched to another one, which is made before them', async () => {
  const ran = await isogloss('run', file, '--project', project, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  expect(ran.stderr).toMatch(/A bucket of \d+ comes nearest to the \d+ labels of p2c/)
  expect(ran.stderr).toMatch(/A radius of [\d.]+ km comes nearest to the \d+ labels of kd-fine/)
  const { labels } = JSON.parse((await isogloss('labels', file, '--project', project, '--json')).stdout) as {
    labels: LabelSetSummary[]
  }
  const countOf = Object.fromEntries(labels.map(({ name, labelCount }) => [name, labelCount]))
  // The median splits nodes into halves of like size, so that numbers of cells come in leaps.
  const wanted = Number(/to the (\d+) labels of p2c/.exec(ran.stderr)![1])
  expect(Math.abs(countOf['kd']! - wanted)).toBeLessThanOrEqual(4)
  const fine = Number(/to the (\d+) labels of kd-fine/.exec(ran.stderr)![1])
  expect(Math.abs(countOf['wide']! - fine) / fine).toBeLessThan(0.1)
}, 120_000)

it('what cannot be matched is refused', async () => {
  const other = join(directory, 'wrong.yaml')
  for (const [match, said] of [
    ['kdd', /labels.kd.match names "kdd", expected a scheme that matches no other/],
    ['wide', /labels.kd.match names "wide"/],
    ['kd', /labels.kd.match names "kd"/],
  ] as const) {
    await writeFile(other, (await readFile(file, 'utf8')).replace('match: p2c', `match: ${match}`))
    const { code, stderr } = await isogloss('run', other, '--project', project)
    expect(code).toBe(1)
    expect(stderr).toMatch(said)
  }
}, 120_000)

it('tells where one is better, as a table and as a map', async () => {
  const told = await isogloss('compare', '--project', project, '--where', '--json')
  expect(told.code, told.stderr).toBe(0)
  const { areas, pairs } = JSON.parse(told.stdout) as AreaDifferences
  expect(areas.length).toBeGreaterThan(0)
  expect(pairs.map(({ a, b }) => [a, b])).toContainEqual(['kd/nb', 'wide/nb'])
  for (const { differences } of pairs) {
    expect(differences).toHaveLength(areas.length)
    for (const { differenceKm, interval, meanErrorKm } of differences) {
      expect(differenceKm).toBeCloseTo(meanErrorKm.b - meanErrorKm.a, 9)
      expect(interval[0]).toBeLessThanOrEqual(differenceKm)
      expect(interval[1]).toBeGreaterThanOrEqual(differenceKm)
    }
  }
  const table = await isogloss('compare', '--project', project, '--where')
  expect(table.stdout).toContain('wide/nb less kd/nb')
  const out = join(directory, 'where.svg')
  const drawn = await isogloss('export', '--project', project, '--figure', 'where-better', '--contrast', 'kd/nb', 'near', '--out', out) // prettier-ignore
  expect(drawn.code, drawn.stderr).toBe(0)
  expect(await readFile(out, 'utf8')).toContain('Where near is better than kd/nb')
  const wrong = await isogloss('export', '--project', project, '--figure', 'where-better', '--contrast', 'kd/nb', 'nil', '--out', out) // prettier-ignore
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('export/no-contrast') as string })
}, 120_000)
