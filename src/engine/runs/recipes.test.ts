import { describe, expect, it } from 'vitest'
import { conditionKey, variantSuffix } from '#pure/conditionKey.ts'
import type { ExperimentRecipes } from './recipes.ts'
import { recipesOf } from './recipes.ts'
import { experimentOf, recipesFor } from './testing/experimentOf.ts'

const idsOf = ({ corpus, words, labels, runs }: ExperimentRecipes) => ({
  corpus: corpus.id,
  ...ofVariants(words, 'vocabulary'),
  ...Object.fromEntries(Array.from(labels, ([name, { id }]) => [name, id])),
  ...ofVariants(words, 'embedding'),
  ...Object.fromEntries(runs.map((run) => [`${conditionKey(run)} ${run.seed}`, run.id])),
})

const ofVariants = (words: ExperimentRecipes['words'], what: 'vocabulary' | 'embedding') =>
  Object.fromEntries(Array.from(words, ([name, made]) => [`${what}${variantSuffix(name)}`, made[what].id]))

/** Of a change, the artefacts that are made anew. */
async function changedBy(input: Parameters<typeof experimentOf>[0]) {
  const before = idsOf(await recipesFor(experimentOf()))
  const after = idsOf(await recipesFor(experimentOf(input)))
  return Object.keys(before).filter(
    (name) => name in after && before[name as keyof typeof before] !== after[name as keyof typeof after],
  )
}

const base = experimentOf()
const runs = ['kd/stl 1', 'kd/stl 2', 'kd/nb null', 'p2c/stl 1', 'p2c/stl 2', 'p2c/nb null']

describe('recipes', () => {
  it('are one a cell and seed, and one a cell where the method has no seeds', async () => {
    expect(Object.keys(idsOf(await recipesFor(base)))).toEqual([
      'corpus',
      'vocabulary',
      'kd',
      'p2c',
      'embedding',
      ...runs,
    ])
  })

  it('change with what an artefact is made from, and with nothing else', async () => {
    expect(await changedBy({ name: 'other' })).toEqual([])
    expect(
      await changedBy({
        labels: { kd: { method: 'kd-tree', bucket: 41 }, p2c: { method: 'point2city', radiusKm: 200 } },
      }),
    ).toEqual(['kd', ...runs.slice(0, 3)])
    expect(await changedBy({ preprocess: { minFrequency: 7 } })).toEqual(['vocabulary', 'embedding', ...runs])
    // A method without an embedding is not trained again where that changes.
    expect(await changedBy({ embeddings: { dimensions: 64 } })).toEqual([
      'embedding',
      ...runs.filter((run) => run.includes('stl')),
    ])
    expect(
      await changedBy({ models: { stl: { method: 'attention-cnn' }, nb: { method: 'naive-bayes', smoothing: 1 } } }),
    ).toEqual(['kd/nb null', 'p2c/nb null'])
    expect(await changedBy({ corpus: { train: ['other.tsv'], dev: ['dev.tsv'], test: ['test.tsv'] } })).toEqual([
      'corpus',
      'vocabulary',
      'kd',
      'p2c',
      'embedding',
      ...runs,
    ])
  })

  it('of a variant are those of an experiment that knows only that one', async () => {
    const bare = { minFrequency: 2, mentions: 'drop' } as const
    const several = idsOf(
      await recipesFor(experimentOf({ preprocess: [{ name: 'all' }, { name: 'bare', ...bare }] })),
    ) as Record<string, string>
    const alone = idsOf(await recipesFor(experimentOf({ preprocess: bare }))) as Record<string, string>
    const plain = idsOf(await recipesFor(base)) as Record<string, string>
    for (const [variant, of] of [['all', plain] as const, ['bare', alone] as const]) {
      expect(several[`vocabulary@${variant}`]).toBe(of['vocabulary'])
      expect(several[`embedding@${variant}`]).toBe(of['embedding'])
      expect(several[`p2c/stl@${variant} 2`]).toBe(of['p2c/stl 2'])
      expect(several['kd']).toBe(of['kd'])
    }
  })

  it('do not change with where a file lies, but with what it holds', async () => {
    const hashed = async (hash: string) => idsOf(await recipesOf(base, () => Promise.resolve(hash)))
    const moved = experimentOf({
      corpus: { train: ['/elsewhere/a.tsv'], dev: ['/elsewhere/b.tsv'], test: ['/elsewhere/c.tsv'] },
    })
    expect(idsOf(await recipesOf(moved, () => Promise.resolve('a')))).toEqual(await hashed('a'))
    expect((await hashed('b')).corpus).not.toBe((await hashed('a')).corpus)
  })

  it('give the ids that projects on disk have', async () => {
    expect(idsOf(await recipesFor(base))).toMatchInlineSnapshot(`
      {
        "corpus": "b63bc481bf2350bd",
        "embedding": "9e999d6246b9b1c0",
        "kd": "cce4b22e8c3f19ee",
        "kd/nb null": "4507dd6a94c845c8",
        "kd/stl 1": "652b086a5389a0dc",
        "kd/stl 2": "168138ab9a171266",
        "p2c": "56c3cd727b7d579d",
        "p2c/nb null": "1e2f625f0ce93993",
        "p2c/stl 1": "d907b82752a4e307",
        "p2c/stl 2": "f304e445d2c00774",
        "vocabulary": "366c4f0624de733d",
      }
    `)
  })

  it('say in words which file is missing, and end when they are cancelled', async () => {
    const missing = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' }))
    await expect(recipesOf(base, missing)).rejects.toMatchObject({
      code: 'import/file-missing',
      message: expect.stringContaining('/nowhere/train.tsv') as string,
    })
    const many = experimentOf({ matrix: { seeds: Array.from({ length: 200 }, (_, i) => i) } })
    const controller = new AbortController()
    const hashing = recipesOf(many, () => Promise.resolve('a'), controller.signal)
    controller.abort()
    await expect(hashing).rejects.toMatchObject({ name: 'AbortError' })
  })
})
