import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Comparison } from '#protocol/comparison.ts'
import { virtualEnvironment } from '../../../bench/virtualEnvironment.ts'
import { isogloss } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

const packages = { numpy: '2.3.5', pandas: '2.3.3', pyarrow: '22.0.0' }
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-readers-'))
  const yaml = (await readFile(await smallExperiment(directory), 'utf8')).replace(
    /^models:\n( {2}.*\n)+/m,
    'models: {nb: {method: naive-bayes}, near: {method: nearest-neighbour}}\n',
  )
  await writeFile(join(directory, 'small.yaml'), yaml)
  const ran = await isogloss('run', join(directory, 'small.yaml'), '--project', join(directory, 'project'), '--json')
  expect(ran.code, ran.stderr).toBe(0)
}, 120_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

/** The program of a language that the documentation shows. */
async function documented(language: string): Promise<string> {
  const page = await readFile(resolve(import.meta.dirname, '../../../docs/file-formats.md'), 'utf8')
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)![1]!
}
const compared = async () =>
  JSON.parse((await isogloss('compare', '--project', join(directory, 'project'), '--json')).stdout) as Comparison

it('the Python of the documentation reads a project, and finds the errors that Isogloss tells', async () => {
  const python = await virtualEnvironment(packages, (line) => console.warn(line))
  const program = `import pandas\npandas.set_option("display.precision", 9, "display.width", 250)\n${await documented('python')}`
  const { stdout, stderr, status } = spawnSync(python, ['-c', program], { cwd: directory, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  for (const row of (await compared()).results)
    if ('runs' in row) {
      const line = stdout.split('\n').find((one) => one.includes(`${row.labels ? `${row.labels}/` : ''}${row.model} `))
      const [mean, medianKm, near] = line!.trim().split(/\s+/).slice(-3).map(Number)
      expect(mean).toBeCloseTo(row.meanErrorKm, 5)
      expect(medianKm).toBeCloseTo(row.medianErrorKm, 5)
      expect(near).toBeCloseTo(row.accuracyAt161Km, 5)
    }
  expect((await documented('python')).trim().split('\n').length).toBeLessThanOrEqual(22)
}, 600_000)

it('the R of the documentation reads the table', async (test) => {
  if (spawnSync('Rscript', ['--version']).error) test.skip('R is not installed here.')
  const table = await isogloss('export', '--format', 'csv', '--project', join(directory, 'project'))
  await writeFile(join(directory, 'results.csv'), table.stdout)
  const ran = spawnSync('Rscript', ['-e', await documented('r')], { cwd: directory, encoding: 'utf8' })
  expect(ran.status, ran.stderr).toBe(0)
  for (const name of ['kd/nb', 'p2c/nb', 'near']) expect(ran.stdout).toContain(name)
  expect((await stat(join(directory, 'results.pdf'))).size).toBeGreaterThan(1000)
}, 120_000)
