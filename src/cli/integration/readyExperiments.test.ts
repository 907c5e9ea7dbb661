import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDocument, type Document } from 'yaml'
import type { Comparison } from '#protocol/comparison.ts'
import { quietContext } from '#engine/context.ts'
import { generateSample } from '#engine/corpus/sample/generateSample.ts'
import { isogloss } from './commandLine.ts'

const folder = 'experiments'
let directory: string
/** Small corpora in the forms that the files expect, by format. */
const forms: Record<string, Record<'train' | 'dev' | 'test', string>> = {}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-ready-'))
  const sample = join(directory, 'files')
  await mkdir(sample)
  await generateSample({ directory: sample, authors: 240, seed: 5 }, quietContext)
  const file = (fold: string) => join(sample, `${fold}.txt.gz`)
  forms['user-info'] = { train: file('train'), dev: file('dev'), test: file('test') }
  const plain = async (fold: string) => {
    const lines = gunzipSync(await readFile(file(fold)))
      .toString()
      .trimEnd()
      .split('\n')
    const path = join(directory, `${fold}.txt`)
    // Without the author in front.
    await writeFile(path, lines.map((line) => `${line.slice(line.indexOf('\t') + 1)}\n`).join(''))
    return path
  }
  forms['lat-lon-text'] = { train: await plain('train'), dev: await plain('dev'), test: await plain('test') }
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** The same experiment on a small corpus, with little to compute: one seed, one epoch, small vectors and networks. */
function shrink(document: Document): void {
  const form = forms[document.getIn(['corpus', 'format']) as string]!
  for (const fold of ['train', 'dev', 'test'] as const)
    if (document.hasIn(['corpus', fold])) document.setIn(['corpus', fold], form[fold])
  document.setIn(['matrix', 'seeds'], [1])
  document.setIn(['evaluation', 'resamples'], 100)
  // Its models are those of twitter-us, where all of them are trained.
  if (document.get('name') === 'twitter-world') {
    document.setIn(['matrix', 'models'], ['mtl', 'han-2014'])
    document.setIn(['evaluation', 'contrasts'], [['kd/mtl', 'p2c/mtl']])
  }
  const { preprocess } = document.toJS() as { preprocess?: object }
  for (const at of Array.isArray(preprocess) ? preprocess.keys() : [null]) {
    const path = at === null ? ['preprocess'] : ['preprocess', at]
    document.setIn([...path, 'minFrequency'], 2)
    document.setIn([...path, 'maxWords'], 40)
  }
  document.setIn(['labels', 'kd', 'bucket'], 40)
  if (document.hasIn(['labels', 'p2c'])) document.setIn(['labels', 'p2c', 'radiusKm'], 300)
  if (document.getIn(['embeddings', 'method']) !== 'random')
    document.setIn(['embeddings'], { method: 'skip-gram', dimensions: 8, epochs: 1 })
  else document.setIn(['embeddings', 'dimensions'], 8)
  for (const name of Object.keys((document.toJS() as { models: object }).models)) {
    const method = document.getIn(['models', name, 'method']) ?? 'attention-cnn'
    if (method !== 'attention-cnn') continue
    for (const [key, value] of Object.entries({ epochs: 1, filters: [8, 8], attentionUnits: 4 }))
      document.setIn(['models', name, key], value)
  }
}

describe('each ready experiment runs on a small corpus of its form', async () => {
  it.each(await readdir(folder))(
    '%s',
    async (file) => {
      const document = parseDocument(await readFile(join(folder, file), 'utf8'))
      shrink(document)
      const small = join(directory, file)
      await writeFile(small, document.toString())
      const project = join(directory, file.replace('.yaml', ''))
      const ran = await isogloss('run', small, '--project', project, '--json')
      expect(ran.code, ran.stderr).toBe(0)
      const { runs } = JSON.parse(ran.stdout) as { runs: { status: string }[] }
      expect(runs.every(({ status }) => status === 'finished')).toBe(true)
    },
    120_000,
  )
})

/** What the LaTeX tables need to be compiled. */
const hasLatex =
  spawnSync('pdflatex', ['--version']).status === 0 && spawnSync('kpsewhich', ['booktabs.sty']).status === 0

describe('published results beside ours', () => {
  const compare = (...args: string[]) =>
    isogloss('compare', '--project', join(directory, 'twitter-us'), '--table', 'paper', ...args)

  it('stand in one table, with their sources', async () => {
    const { code, stdout, stderr } = await compare()
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^MTL-Att-CNN, P2C +1593 +31\.36 +44\.64 +889\.98 +293\.26$/m)
    expect(stdout).toMatch(/^p2c mtl@no-mentions +\d+ +\d/m)
    expect(stdout).toMatch(/Above the second rule as published: .*Fornaciari and Hovy 2019, table 1/)
    const csv = (await compare('--format', 'csv')).stdout
    expect(csv).toContain(
      'twitter-us,"Roller et al. 2012, UnifKd","Lourentzou et al. 2017, tables VI to VIII",,,0.33,913,532',
    )
    const columns = JSON.parse((await compare('--json')).stdout) as { corpus: string; comparison: Comparison }[]
    expect(columns.map(({ corpus }) => corpus)).toEqual(['twitter-us'])
  }, 60_000)

  it.skipIf(!hasLatex)(
    'are LaTeX that compiles',
    async () => {
      const table = (await compare('--format', 'latex')).stdout
      const plain = await isogloss('compare', '--project', join(directory, 'twitter-us'), '--format', 'latex')
      const across = await isogloss(
        ...['compare', '--project', join(directory, 'twitter-us'), '--format', 'latex'],
        ...['--experiment', 'twitter-us', 'twitter-us'],
      )
      const tables = [table, plain.stdout, across.stdout]
      const text = [
        '\\documentclass[landscape]{article}',
        '\\usepackage{booktabs}',
        '\\begin{document}',
        ...tables.map((each) => `${each}\n\n`),
        '\\end{document}',
      ].join('\n')
      await writeFile(join(directory, 'tables.tex'), text)
      const made = spawnSync('pdflatex', ['-halt-on-error', '-interaction=nonstopmode', 'tables.tex'], {
        cwd: directory,
      })
      expect(made.status, made.stdout.toString().slice(-2000)).toBe(0)
    },
    60_000,
  )

  it('are refused for an experiment that does not say which corpus it is on', async () => {
    const named = await isogloss('compare', '--project', join(directory, 'smg-ch'), '--table', 'paper')
    expect(named.stderr).toMatch(/evaluation\/no-published: .*"smg-ch".*evaluation\.published/)
  }, 60_000)
})
