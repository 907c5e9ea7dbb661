import { describe, expect, it } from 'vitest'
import { experimentFile } from '#protocol/experiment.ts'
import { runMatrix } from '#pure/runMatrix.ts'
import { fieldGroups } from './experimentFields.ts'

const experiment = experimentFile.parse({ name: 'x', corpus: { train: 'a.txt' } })
const classical = experimentFile.parse({
  name: 'x',
  corpus: { train: 'a.txt' },
  models: {
    nb: { method: 'naive-bayes' },
    lr: { method: 'logistic-regression' },
    nn: { method: 'nearest-neighbour' },
    mlp: { method: 'mlp' },
    density: { method: 'mixture-density' },
  },
})
const places = experimentFile.parse({
  name: 'x',
  corpus: { train: 'a.txt' },
  models: {
    net: { method: 'attention-cnn', decision: 'median', targets: { smoothingKm: 20 }, characters: {} },
    mlp: { method: 'mlp', decision: 'mean', targets: 'hard' },
    apart: { method: 'attention-cnn', tasks: ['labels', 'coordinates'], joint: false },
    regression: { method: 'attention-cnn', tasks: ['coordinates'] },
  },
})
const quick = experimentFile.parse({
  name: 'x',
  corpus: { train: 'a.txt' },
  models: { ngram: { method: 'ngram-softmax' } },
})

const variants = experimentFile.parse({
  name: 'x',
  corpus: { train: 'a.txt' },
  preprocess: [{ name: 'all' }, { name: 'bare', mentions: 'drop' }],
})

describe.each([
  ['networks', experiment],
  ['variants of the texts', variants],
  ['classical models', classical],
  ['n-grams', quick],
  ['soft targets and places', places],
])('the form of an experiment with %s', (_name, experiment) => {
  const fields = fieldGroups(experiment).flatMap((group) => group.fields)

  it('names only settings that an experiment has, once each', () => {
    const optional = /^(evaluation\.unit|models\..*\.(joint|targets|characters|sharpen|lossScaleKm|features))$/
    const paths = fields.map(({ path }) => path.join('.'))
    expect(new Set(paths).size).toBe(paths.length)
    for (const { path } of fields) {
      const value = path.reduce<unknown>(
        (held, key) => (held as Record<string, unknown> | undefined)?.[key],
        experiment,
      )
      expect(value !== undefined || optional.test(path.join('.')), path.join('.')).toBe(true)
    }
  })

  it('offers only values that the engine takes', () => {
    for (const field of fields) {
      if (field.kind !== 'choice') continue
      for (const { value, sets = value } of field.options) {
        if (value === '' || field.path.join('.') === 'embeddings.method') continue
        const changed = structuredClone(experiment) as unknown as Record<string, unknown>
        const parent = field.path.slice(0, -1).reduce((held, key) => held[key] as Record<string, unknown>, changed)
        parent[field.path.at(-1)!] = sets
        expect(experimentFile.safeParse(changed).success, `${field.path.join('.')} ${value}`).toBe(true)
      }
    }
  })
})

it('asks for what a decision or soft targets go by only where there are any', () => {
  const labels = (of: typeof experiment, model: string) =>
    fieldGroups(of)
      .find(({ key }) => key === `models.${model}`)!
      .fields.map(({ label }) => label)
  expect(labels(places, 'net')).toEqual(
    expect.arrayContaining(['Trained towards', 'Smoothing', 'Sharpened', 'Near is']),
  )
  expect(labels(places, 'mlp')).toContain('Sharpened')
  expect(labels(places, 'mlp')).not.toContain('Near is')
  expect(labels(places, 'mlp')).not.toContain('Smoothing')
  expect(labels(places, 'apart')).toContain('Networks')
  expect(labels(places, 'regression')).not.toContain('Placed at')
  expect(labels(classical, 'lr')).not.toContain('Sharpened')
})

describe('the matrix', () => {
  it('counts runs', () => {
    expect(runMatrix(experiment)).toHaveLength(12)
    expect(runMatrix(variants)).toHaveLength(24)
    expect(runMatrix({ ...experiment, matrix: { labels: ['kd'], seeds: [1] } })).toHaveLength(2)
  })
})
