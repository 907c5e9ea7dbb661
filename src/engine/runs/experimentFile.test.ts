import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import { matrixOf } from '#pure/runMatrix.ts'
import { contentId } from './contentId.ts'
import {
  listExperiments,
  loadExperiment,
  parseExperiment,
  readExperimentFile,
  saveExperiment,
} from './experimentFile.ts'
import { corpusRecipe } from './recipes.ts'

const least = 'name: small\ncorpus: {train: a.txt}\n'

function refusal(yaml: string): string {
  try {
    parseExperiment(yaml, '/data')
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError)
    return (error as EngineError).message
  }
  throw new Error('the experiment was taken')
}

describe('parseExperiment', () => {
  it('fills in every default and makes paths absolute', () => {
    const experiment = parseExperiment(least, '/data')
    expect(experiment.corpus.train).toEqual(['/data/a.txt'])
    expect(Object.keys(experiment.labels)).toEqual(['kd', 'p2c'])
    expect(experiment.labels['kd']).toEqual({ method: 'kd-tree', bucket: 300, assign: 'cell' })
    expect(experiment.preprocess).toMatchObject({ minFrequency: 5 })
    expect(experiment.embeddings).toMatchObject({ method: 'skip-gram', dimensions: 512, window: 5, epochs: 50 })
    expect(experiment.evaluation.resamples).toBe(10_000)
    expect(matrixOf(experiment)).toEqual({ labels: ['kd', 'p2c'], models: ['stl', 'mtl'], seeds: [1, 2, 3] })
  })

  it('takes the default method of a group whose settings name none', () => {
    const experiment = parseExperiment(
      `${least}embeddings: {dimensions: 128}\nlabels: {fine: {bucket: 50}}\nmodels: {quick: {epochs: 2}}\n`,
      '/data',
    )
    expect(experiment.embeddings).toMatchObject({ method: 'skip-gram', dimensions: 128 })
    expect(experiment.labels['fine']).toEqual({ method: 'kd-tree', bucket: 50, assign: 'cell' })
    expect(experiment.models['quick']).toMatchObject({ method: 'attention-cnn', epochs: 2, tasks: ['labels'] })
    expect(refusal(`${least}embeddings: {dimension: 128}\n`)).toMatch(
      /unknown key "embeddings.dimension".*"dimensions"/,
    )
  })

  it('names an unknown key and the nearest known one, at every depth', () => {
    expect(refusal(`${least}preproces: {}\n`)).toMatch(/"preproces".*"preprocess"/)
    expect(refusal(`${least}preprocess: {minFrequncy: 2}\n`)).toMatch(/"preprocess\.minFrequncy".*"minFrequency"/)
    expect(refusal(`${least}labels: {kd: {method: kd-tree, buckets: 4}}\n`)).toMatch(/"labels\.kd\.buckets".*"bucket"/)
    expect(refusal(`${least}models: {m: {method: attention-cnn, epoch: 4}}\n`)).toMatch(/"models\.m\.epoch".*"epochs"/)
  })

  it('says what was found where a value is wrong', () => {
    expect(refusal('name: small\ncorpus: {}\n')).toMatch(/corpus\.train: found nothing/)
    expect(refusal(`${least}labels: {kd: {method: kd-tree, bucket: -1}}\n`)).toMatch(/labels\.kd\.bucket: found -1/)
    expect(refusal(`${least}matrix: {labels: [p2]}\n`)).toMatch(/"p2".*"p2c"/)
    expect(refusal('name: [')).toMatch(/not valid YAML in line 1/)
    expect(refusal('')).toMatch(/the file: found null, expected keys and values/)
    expect(refusal('name: a b\ncorpus: {train: x}\n')).toMatch(/name: found "a b", expected letters, digits/)
    expect(refusal('name: a\nname: b\n')).toMatch(/in line 2: Map keys must be unique\./)
    expect(refusal(`${least}labels: {kd: {method: kd-tree, bucket: many}}\n`)).toMatch(
      /found "many", expected a number\./,
    )
    expect(refusal(`${least}labels: {kd: {method: kdtree}}\n`)).toMatch(
      /found "kdtree", expected one of kd-tree, point2city, k-means, han-cities, polygons, column\./,
    )
    expect(refusal(`${least}preprocess: {urls: no, lowercase: maybe}\n`)).toMatch(
      /expected true or false\..*expected one of drop, keep\./,
    )
    expect(refusal(`${least}models: {m: {method: attention-cnn, windows: [], dropout: 2}}\n`)).toMatch(
      /at most 0\.9\..*a list of at least 1\./,
    )
    expect(refusal('name: small\ncorpus: {train: 3}\n')).toMatch(/corpus\.train: found 3, expected text or a list\./)
  })

  it('looks into the alternative that was meant', () => {
    const problem = refusal('name: small\ncorpus: {train: a.txt, split: {dve: 0.2, test: 3}}\n')
    expect(problem).toMatch(/unknown key "corpus\.split\.dve"\. Did you mean "dev"\?/)
    expect(problem).toMatch(/corpus\.split\.test: found 3, expected at most 0\.9\./)
  })

  it('shows no more of a wrong file than a terminal bears', () => {
    const problem = refusal(`"\\e[31m${'x'.repeat(5000)}"`)
    expect(problem).not.toMatch(/\u001b/)
    expect(problem.length).toBeLessThan(250)
  })

  it('refuses a matrix of more runs than anybody plans, in words', () => {
    const all = (name: string) => `[${Array(100).fill(name).join(', ')}]`
    const cube = `${least}matrix: {labels: ${all('kd')}, models: ${all('stl')}, seeds: ${all('1')}}\n`
    expect(refusal(cube)).toMatch(/100 labels, 100 models and 100 seeds, which makes 1000000 runs; at most 10000/)
    expect(parseExperiment(cube.replace(all('kd'), '[kd]'), '/data').matrix.seeds).toHaveLength(100)
  })

  it.each([
    [
      'aliases of aliases',
      Array.from(
        { length: 12 },
        (_, i) =>
          `a${i}: &a${i} [${
            i
              ? Array(9)
                  .fill(`*a${i - 1}`)
                  .join(', ')
              : 'x'
          }]`,
      ).join('\n'),
      /alias/,
    ],
    [
      'a value that holds itself',
      'name: &a [*a]\ncorpus: {train: a.txt}',
      /name: found a value that holds itself, expected text/,
    ],
    ['deep nesting', `${'['.repeat(20_000)}`, /not valid YAML/],
    [
      'a section of thousands of keys',
      Array.from({ length: 12_000 }, (_, i) => `k${i}: 1`).join('\n'),
      /too many keys/,
    ],
    ['a megabyte', `${least}# ${'x'.repeat(1 << 20)}`, /at most 131072/],
    [
      'a thousand unknown keys',
      Array.from({ length: 1000 }, (_, i) => `s${i}: {x: 1}`)
        .join('\n')
        .replace(/^/, `${least}labels:\n`)
        .replace(/^s/gm, '  s'),
      /There are 980 more problems/,
    ],
    ['a key of thousands of letters', `${least}? ${'x'.repeat(100_000)}\n: 1`, /unknown key/],
  ])('refuses %s before it takes long', (_, yaml, words) => {
    const began = performance.now()
    expect(refusal(yaml)).toMatch(words)
    expect(performance.now() - began).toBeLessThan(8000)
  })

  it('keeps the comments of a text that is edited in the project, and adds what it leaves out', async () => {
    const project = await mkdtemp(join(tmpdir(), 'isogloss-'))
    const yaml = '# my notes\nname: small\ncorpus: {train: a.txt}\npreprocess:\n  minFrequency: 2 # few texts\n'
    const experiment = parseExperiment(yaml, join(project, 'experiments'))
    const saved = await saveExperiment(project, experiment, yaml)
    expect(saved).toMatch(/^# my notes\nname: small\n/)
    expect(saved).toContain('minFrequency: 2 # few texts')
    expect(saved).toContain('maxVocabulary: 470000')
    expect((await loadExperiment(project, 'small')).experiment).toEqual(experiment)
    await rm(project, { recursive: true })
  })

  it('fills in the defaults of each variant of the texts, and refuses what cannot be told apart', async () => {
    const project = await mkdtemp(join(tmpdir(), 'isogloss-'))
    const yaml = `${least}preprocess:\n  - name: all # as it is\n  - {name: bare, mentions: drop}\n`
    const experiment = parseExperiment(yaml, join(project, 'experiments'))
    const saved = await saveExperiment(project, experiment, yaml)
    expect(saved).toContain('name: all # as it is')
    expect(saved.match(/maxVocabulary: 470000/g)).toHaveLength(2)
    expect((await loadExperiment(project, 'small')).experiment).toEqual(experiment)
    await rm(project, { recursive: true })
    const of = (variants: string, more = '') => refusal(`${least}preprocess: ${variants}\n${more}`)
    expect(of('[{name: a}, {name: a, mentions: drop}]')).toMatch(
      /preprocess\.1: the variant has the name of an earlier/,
    )
    expect(of('[{name: a}, {name: b, mentions: keep}]')).toMatch(/"b" is the same as "a"/)
    expect(of('[{name: a, mentoins: drop}]')).toMatch(/"preprocess\.0\.mentoins".*"mentions"/)
    expect(of('[{mentions: drop}]')).toMatch(/preprocess\.0\.name: found nothing/)
    expect(of('[{name: a}]', 'matrix: {preprocess: [b]}\n')).toMatch(
      /matrix\.preprocess names "b", but preprocess defines a/,
    )
    expect(of('{}', 'matrix: {preprocess: [b]}\n')).toMatch(/matrix\.preprocess names "b", but .* it is no list/)
  })

  it('comes back from the project as it was saved', async () => {
    const project = await mkdtemp(join(tmpdir(), 'isogloss-'))
    const experiment = parseExperiment(least, join(project, 'texts'))
    const yaml = await saveExperiment(project, experiment)
    expect(yaml).toContain('../texts/a.txt')
    expect((await loadExperiment(project, 'small')).experiment).toEqual(experiment)
    expect(await listExperiments(project)).toEqual(['small'])
    await expect(loadExperiment(project, 'other')).rejects.toThrow(/"other".*small/)
    await rm(project, { recursive: true })
  })

  it('is neither written nor read outside of the project', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
    const [project, elsewhere] = [join(directory, 'project'), join(directory, 'elsewhere')]
    await mkdir(project)
    await mkdir(elsewhere)
    await symlink(elsewhere, join(project, 'experiments'))
    const experiment = parseExperiment(least, project)
    await expect(saveExperiment(project, experiment)).rejects.toMatchObject({ code: 'project/outside' })
    expect(await readdir(elsewhere)).toEqual([])

    await rm(join(project, 'experiments'))
    await mkdir(join(project, 'experiments'))
    await writeFile(join(elsewhere, 'small.yaml'), least)
    await symlink(join(elsewhere, 'small.yaml'), join(project, 'experiments', 'small.yaml'))
    await expect(saveExperiment(project, experiment)).rejects.toMatchObject({ code: 'project/outside' })
    expect(await readFile(join(elsewhere, 'small.yaml'), 'utf8')).toBe(least)
    await expect(loadExperiment(project, '../../elsewhere/small')).rejects.toMatchObject({
      code: 'experiment/not-found',
    })
    await rm(directory, { recursive: true })
  })

  it('takes folds from a column, lists of patterns and all that says how a file is to be read', () => {
    const corpus =
      '{train: a.txt, split: {column: fold}, delimiter: tab, quote: none, header: false, missing: [-9, NA], crs: "EPSG:2056", codes: c.csv, sites: s.kml, columns: {answers: [Q*, R1], point: wkt}}'
    expect(parseExperiment(`name: small\ncorpus: ${corpus}\n`, '/data').corpus).toMatchObject({
      split: { column: 'fold' },
      missing: [-9, 'NA'],
      codes: '/data/c.csv',
      sites: '/data/s.kml',
      columns: { answers: ['Q*', 'R1'] },
    })
    expect(refusal('name: small\ncorpus: {train: a.txt, split: {colunm: fold}}\n')).toMatch(
      /"corpus\.split\.colunm"\. Did you mean "column"\?/,
    )
  })

  it('understands the quotes of a word processor, and names them where YAML does not', () => {
    expect(parseExperiment('name: “small”\ncorpus: {train: [“a b.txt”, ‘c.txt’]}\n', '/data')).toMatchObject({
      name: 'small',
      corpus: { train: ['/data/a b.txt', '/data/c.txt'] },
    })
    expect(refusal('name: “small: x\ncorpus: {train: “a, }b”}\n')).toMatch(/curly quotes/)
  })

  it('knows the home folder, and finds the files of a pattern', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'isogloss-'))
    for (const name of ['b.csv', 'a.csv']) await writeFile(join(folder, name), '')
    await writeFile(join(folder, 'e.yaml'), 'name: small\ncorpus: {train: "*.csv", test: ~/t.csv}\n')
    const { corpus } = await readExperimentFile(join(folder, 'e.yaml'))
    expect(corpus).toMatchObject({
      train: [join(folder, 'a.csv'), join(folder, 'b.csv')],
      test: [join(homedir(), 't.csv')],
    })
    await writeFile(join(folder, 'e.yaml'), 'name: small\ncorpus: {train: "*.tsv"}\n')
    await expect(readExperimentFile(join(folder, 'e.yaml'))).rejects.toThrow(/No file matches .*\*\.tsv/)
    await rm(folder, { recursive: true })
  })

  it.each([
    ['UTF-16 with a mark', Buffer.from('\ufeffname: small\ncorpus: {train: ä.txt}\n', 'utf16le')],
    ['UTF-16 without one', Buffer.from('name: small\ncorpus: {train: ä.txt}\n', 'utf16le')],
    ['UTF-8 with a mark', Buffer.from('\ufeffname: small\ncorpus: {train: ä.txt}\n')],
    ['windows-1252', Buffer.from('name: small\ncorpus: {train: ä.txt}\n', 'latin1')],
  ])('reads %s', async (_, bytes) => {
    const folder = await mkdtemp(join(tmpdir(), 'isogloss-'))
    await writeFile(join(folder, 'e.yaml'), bytes)
    expect((await readExperimentFile(join(folder, 'e.yaml'))).corpus.train).toEqual([join(folder, 'ä.txt')])
    await rm(folder, { recursive: true })
  })
})

describe('the id of a corpus', () => {
  it('is what it was before settings that are left out existed', async () => {
    const hash = () => Promise.resolve('h')
    const plain = {
      version: 1,
      settings: { split: { dev: 0.1, test: 0.1, seed: 1 }, coordinate: 'first', duplicates: 'keep' },
      train: ['h'],
      dev: [],
      test: [],
    }
    const idOf = async (yaml: string) =>
      contentId({ ...(await corpusRecipe(parseExperiment(yaml, '/data').corpus, hash)), version: 1 })
    expect(await idOf(least)).toBe(contentId(plain))
    expect(await idOf('name: small\ncorpus: {train: a.txt, codes: c.csv}\n')).not.toBe(contentId(plain))
  })
})
