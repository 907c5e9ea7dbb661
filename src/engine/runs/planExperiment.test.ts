import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { artefactStore, type ArtefactStore } from './artefactStore.ts'
import { planExperiment, toPlan, type Until } from './planExperiment.ts'
import { experimentOf, recipesFor } from './testing/experimentOf.ts'

let project: string
let store: ArtefactStore
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'isogloss-'))
  store = artefactStore(project)
})
afterEach(() => rm(project, { recursive: true, force: true }))

async function planOf(input: Parameters<typeof experimentOf>[0] = {}, until?: Until, only?: string[]) {
  const experiment = experimentOf(input)
  return planExperiment({ experiment, recipes: await recipesFor(experiment), store }, { until, only })
}
const titles = async (...args: Parameters<typeof planOf>) => (await planOf(...args)).map(({ title }) => title)

describe('planExperiment', () => {
  it('with chosen runs lists what these need, and no more', async () => {
    expect(await titles({}, undefined, ['p2c/nb', 'p2c/stl/2'])).toEqual([
      'Import the corpus',
      'Tokenise and count words',
      'Labels p2c',
      'Skip-gram, 512 dimensions, 50 epochs',
      'Train p2c/stl, seed 2',
      'Train p2c/nb',
    ])
    expect(await titles({}, undefined, ['kd/nb'])).toEqual([
      'Import the corpus',
      'Tokenise and count words',
      'Labels kd',
      'Train kd/nb',
    ])
    expect(await titles({}, 'training', ['embedding', 'labels/p2c'])).toEqual([
      'Import the corpus',
      'Tokenise and count words',
      'Labels p2c',
      'Skip-gram, 512 dimensions, 50 epochs',
    ])
    await expect(titles({}, undefined, ['kd/stl/9'])).rejects.toThrow(/no run "kd\/stl\/9".*kd\/stl, kd\/nb/)
  })

  it('lists what an experiment is made of, in the order in which it is made', async () => {
    expect(await titles()).toEqual([
      'Import the corpus',
      'Tokenise and count words',
      'Labels kd',
      'Labels p2c',
      'Skip-gram, 512 dimensions, 50 epochs',
      'Train kd/stl, seed 1',
      'Train kd/stl, seed 2',
      'Train kd/nb',
      'Train p2c/stl, seed 1',
      'Train p2c/stl, seed 2',
      'Train p2c/nb',
    ])
    expect((await planOf()).every(({ state }) => state === 'missing')).toBe(true)
  })

  it('has words and runs of each variant of the texts, which can be asked for alone', async () => {
    const both = {
      preprocess: [{ name: 'all' }, { name: 'bare', mentions: 'drop' as const }],
      matrix: { labels: ['kd'], seeds: [1] },
    }
    expect(await titles(both)).toEqual([
      'Import the corpus',
      'Tokenise and count words of all',
      'Tokenise and count words of bare',
      'Labels kd',
      'Skip-gram, 512 dimensions, 50 epochs of all',
      'Skip-gram, 512 dimensions, 50 epochs of bare',
      'Train kd/stl@all, seed 1',
      'Train kd/stl@bare, seed 1',
      'Train kd/nb@all',
      'Train kd/nb@bare',
    ])
    const words = ['Import the corpus', 'Tokenise and count words of bare']
    expect(await titles(both, undefined, ['kd/nb@bare'])).toEqual([...words, 'Labels kd', 'Train kd/nb@bare'])
    expect(await titles(both, undefined, ['kd/nb'])).toHaveLength(6)
    expect(await titles(both, undefined, ['vocabulary@bare'])).toEqual(words)
  })

  it('goes as far as it is asked to', async () => {
    expect(await titles({}, 'labels')).toEqual(['Import the corpus', 'Labels kd', 'Labels p2c'])
    expect((await titles({}, 'embedding')).at(-1)).toMatch(/^Skip-gram/)
    expect(await titles({}, 'training')).toEqual(await titles({}))
  })

  it('has no embedding where no model of the matrix wants one, unless it is asked for by itself', async () => {
    const bayes = { matrix: { models: ['nb'] } }
    expect((await planOf(bayes)).map(({ stage }) => stage)).toEqual([
      'import',
      'vocabulary',
      'labels',
      'labels',
      'training',
      'training',
    ])
    expect((await planOf(bayes, 'embedding')).at(-1)?.stage).toBe('embedding')
  })

  it('says what is there, what is half done and what is damaged', async () => {
    const steps = await planOf()
    const embedding = steps.find(({ stage }) => stage === 'embedding')!
    const stateOf = async () => (await planOf()).find(({ stage }) => stage === 'embedding')!
    const checkpoint = store.checkpoint('embedding', embedding.id)
    await mkdir(checkpoint, { recursive: true })
    expect((await stateOf()).state).toBe('missing')
    await writeFile(join(checkpoint, 'state.json'), '{}')
    expect((await stateOf()).state).toBe('partial')
    const { kind, id, title, recipe } = embedding
    await store.create({ kind, id, title, recipe, versions: {}, machine: {} }, (directory) =>
      writeFile(join(directory, 'vectors.npy'), 'some'),
    )
    expect((await stateOf()).state).toBe('done')
    await truncate(join(store.place('embedding', id), 'vectors.npy'), 1)
    expect(await stateOf()).toMatchObject({
      state: 'missing',
      damaged: expect.stringContaining('vectors.npy has 1 bytes') as string,
    })
  })

  it('keeps recipes to itself', async () => {
    const steps = toPlan(experimentOf(), await planOf()).steps
    expect(steps[0]).toEqual({
      stage: 'import',
      needs: [],
      id: expect.any(String) as string,
      title: 'Import the corpus',
      state: 'missing',
    })
  })
})
