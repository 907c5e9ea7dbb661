import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import writeWorkbook from 'write-excel-file/node'
import type { Comparison } from '#protocol/comparison.ts'
import type { Prediction } from '#protocol/runs.ts'
import { isRow } from '#protocol/texts.ts'
import { openTextRows } from '#engine/corpus/texts/openTextRows.ts'
import { isogloss, start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let project: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-uncertainty-'))
  project = join(directory, 'project')
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function experiment(name: string, evaluation: string): Promise<string> {
  const yaml = (await readFile(await smallExperiment(directory), 'utf8'))
    .replace('name: small', `name: ${name}`)
    .replace(/^models:\n( {2}.*\n)+/m, 'models: {nb: {method: naive-bayes}, near: {method: nearest-neighbour}}\n')
    .replace(/^evaluation: .*$/m, `evaluation: ${evaluation}`)
  const file = join(directory, `${name}.yaml`)
  await writeFile(file, yaml)
  return file
}

it('tells coverage and sizes of regions, and draws them for a text', async () => {
  const file = await experiment('sure', '{resamples: 500, uncertainty: {levels: [0.5, 0.9]}}')
  const ran = await isogloss('run', file, '--project', project, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  const compared = await isogloss('compare', '--project', project, '--json')
  const { results } = JSON.parse(compared.stdout) as Comparison
  const row = results.find(({ labels, model }) => labels === 'kd' && model === 'nb')!
  if (!('regions' in row)) throw new Error('The row has no regions.')
  const [half, most] = row.regions!
  expect([half!.level, most!.level]).toEqual([0.5, 0.9])
  expect(most!.coverage).toBeGreaterThan(half!.coverage)
  expect(most!.medianAreaKm2).toBeGreaterThan(half!.medianAreaKm2)
  for (const { coverage, interval, documents, bySettlement, byRegion } of row.regions!) {
    expect(interval[0]).toBeLessThanOrEqual(coverage)
    expect(interval[1]).toBeGreaterThanOrEqual(coverage)
    for (const parts of [bySettlement, byRegion]) {
      expect(parts.reduce((sum, part) => sum + part.documents, 0)).toBe(documents)
      const held = parts.reduce((sum, part) => sum + part.documents * part.coverage, 0)
      expect(held / documents).toBeCloseTo(coverage, 10)
    }
  }
  expect(row.reliability!.nll).toBeGreaterThan(0)
  expect(row.reliability!.within161Km.reduce((sum, part) => sum + part.documents, 0)).toBe(most!.documents)
  // A method without a posterior has no regions, and keeps all of the development fold.
  expect(results.find(({ model }) => model === 'near')).not.toHaveProperty('regions')

  const text = await isogloss('compare', '--project', project)
  expect(text.stdout).toContain('Regions hold their level for texts like those of this corpus')
  const predicted = await start(['predict', '--project', project, '--run', row.runs[0]!], '{"text": "hello you"}\n')
  const { regions, label } = JSON.parse(predicted.stdout) as Prediction
  expect(regions!.map(({ level }) => level)).toEqual([0.5, 0.9])
  expect(regions![1]!.labels.slice(0, regions![0]!.labels.length)).toEqual(regions![0]!.labels)
  expect(regions![0]!.areaKm2).toBeGreaterThan(0)
  expect(regions![0]!.areaKm2).toBeLessThanOrEqual(regions![1]!.areaKm2)
  expect(Number(label)).toBeGreaterThanOrEqual(0)

  // Each label's own threshold is another one, and often there are too few documents to leave a label out.
  const own = await start(
    ['predict', '--project', project, '--run', row.runs[0]!, '--per-label'],
    '{"text": "hello you"}\n',
  )
  const ofLabels = (JSON.parse(own.stdout) as Prediction).regions!
  expect(ofLabels.map(({ level }) => level)).toEqual([0.5, 0.9])
  expect(ofLabels[1]!.areaKm2).toBeGreaterThan(regions![1]!.areaKm2)
  expect(ofLabels[1]!.labels).toEqual(expect.arrayContaining(ofLabels[0]!.labels))

  // From file to file: the size of the region is a column, long texts are answered piece by piece.
  const [given, out] = [join(directory, 'texts.csv'), join(directory, 'answers.csv')]
  await writeFile(given, `id,said\n1,hello you\n2,${'one two three four five six '.repeat(4)}\n`)
  const asked = ['predict', '--project', project, '--run', row.runs[0]!, '--in', given, '--text', 'said', '--out', out]
  const map = join(directory, 'answers.svg')
  const written = await isogloss(...asked, '--region', '0.9', '--window', '8', '--map', map)
  expect(written.code, written.stderr).toBe(0)
  expect(await readFile(map, 'utf8')).toMatch(/>Where the texts were placed</)
  expect(await readFile(map, 'utf8')).toContain('4 texts')
  expect(written.stderr).toContain('Probability of the label:')
  const rows = (await readFile(out, 'utf8')).trim().split(/\r?\n/)
  expect(rows[0]).toBe('id,said,window,start,end,lat,lon,label,name,probability,regionKm2')
  expect(rows.slice(1).map((one) => one.split(',')[0])).toEqual(['1', '2', '2', '2'])
  expect(Number(rows[1]!.split(',').at(-1))).toBeCloseTo(regions![1]!.areaKm2, 6)
  expect(await isogloss(...asked)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('export/exists') as string,
  })

  // From workbook to workbook: the column of the texts is found, a text that no cell can hold is shortened and counted.
  const [book, answers] = [join(directory, 'texts.xlsx'), join(directory, 'answers.xlsx')]
  const sheet = [
    ['n', 'said'],
    [1, 'hello you'],
    [2, 'good\u0001 day'],
    [3, ' '],
  ]
  await writeFile(book, await writeWorkbook(sheet).toBuffer())
  const toBook = await isogloss('predict', '--project', project, '--run', row.runs[0]!, '--in', book, '--out', answers)
  expect(toBook.code, toBook.stderr).toBe(0)
  expect(toBook.stderr).toContain('The texts are taken from column "said"')
  expect(toBook.stderr).toMatch(/has nothing in column "said"/)
  const read = await openTextRows(answers)
  expect(read.columns).toEqual(['n', 'said', 'lat', 'lon', 'label', 'name', 'probability'])
  const [one, , three] = (await read.next(10)).filter(isRow).map(({ fields }) => fields)
  expect(one!.slice(0, 2)).toEqual(['1', 'hello you'])
  expect(Number(one![4])).toBe(Number(label))
  expect(three!.slice(2)).toEqual(['', '', '', '', ''])
}, 300_000)

it('other levels need no training; without it no document is kept from training, and a run is another', async () => {
  const levels = await experiment('sure', '{resamples: 500, uncertainty: {levels: [0.8]}}')
  const again = await isogloss('run', levels, '--project', project, '--json')
  expect(again.code, again.stderr).toBe(0)
  expect(again.stderr).not.toMatch(/Calibrated on/)
  const compared = await isogloss('compare', '--project', project, '--json')
  const first = (JSON.parse(compared.stdout) as Comparison).results[0]!
  expect('regions' in first && first.regions!.map(({ level }) => level)).toEqual([0.8])

  const plain = await experiment('plain', '{resamples: 500}')
  expect((await isogloss('run', plain, '--project', project, '--json')).code).toBe(0)
  const uncalibrated = await isogloss('compare', '--project', project, '--experiment', 'plain', '--json')
  const [unsure] = (JSON.parse(uncalibrated.stdout) as Comparison).results
  const asked = await start(
    ['predict', '--project', project, '--run', 'runs' in unsure! ? unsure.runs[0]! : '', '--plain', '--region', '0.9'],
    'hello\n',
  )
  expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('predict/not-calibrated') as string })
  const results = (
    JSON.parse(
      (await isogloss('compare', '--project', project, '--experiment', 'plain', '--json')).stdout,
    ) as Comparison
  ).results
  expect(results[0]).not.toHaveProperty('regions')
  expect('runs' in results[0]! && results[0].runs).not.toEqual('runs' in first && first.runs)
}, 120_000)

it('a development fold that cannot be halved is refused in words', async () => {
  const file = await experiment('none', '{uncertainty: {}}')
  const yaml = (await readFile(file, 'utf8')).replace(/dev: sample\/dev.txt.gz, /, '')
  await writeFile(file, yaml)
  const { code, stderr } = await isogloss('run', file, '--project', join(directory, 'other'), '--only', 'kd/nb')
  expect(code).toBe(1)
  expect(stderr).toMatch(/training\/no-calibration: .*0 documents/)
}, 120_000)
