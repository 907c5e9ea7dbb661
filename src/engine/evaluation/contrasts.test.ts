import { expect, test } from 'vitest'
import { contrastsAcross, contrastsOf } from './contrasts.ts'

const condition = (labels: string | null, model: string, experiment = 'a') => ({
  experiment,
  labels,
  model,
  method: model === 'nb' ? ('naive-bayes' as const) : ('attention-cnn' as const),
  tasks: model === 'mtl' ? ['labels' as const, 'coordinates' as const] : ['labels' as const],
})
const conditions = ['kd', 'p2c'].flatMap((labels) => ['nb', 'stl', 'mtl'].map((model) => condition(labels, model)))
const named = (pairs: [number, number][]) =>
  pairs.map((pair) => pair.map((i) => `${conditions[i]!.labels}/${conditions[i]!.model}`).join(' '))

test('by default: tasks, schemes, and each model against the first; not what mixes two effects', () => {
  expect(named(contrastsOf(conditions, 'standard'))).toEqual([
    'kd/nb kd/stl',
    'kd/nb kd/mtl',
    'kd/nb p2c/nb',
    'kd/stl kd/mtl',
    'kd/stl p2c/stl',
    'kd/mtl p2c/mtl',
    'p2c/nb p2c/stl',
    'p2c/nb p2c/mtl',
    'p2c/stl p2c/mtl',
  ])
  expect(contrastsOf(conditions, 'all')).toHaveLength(15)
})

test('named ones in either order; those without finished runs are left out', () => {
  const chosen = contrastsOf(conditions, [
    ['p2c/mtl', 'kd/stl'],
    ['kd/mtl', 'kd/mlp'],
  ])
  expect(named(chosen)).toEqual(['kd/stl p2c/mtl'])
})

test('across experiments like is held against like, else all against all', () => {
  const other = conditions.map((one) => ({ ...one, experiment: 'b' }))
  expect(contrastsAcross([...conditions, ...other])).toEqual([0, 1, 2, 3, 4, 5].map((i) => [i, i + 6]))
  expect(contrastsAcross([condition('kd', 'stl', 'a'), condition('grid', 'stl', 'b')])).toEqual([[0, 1]])
})

test('variants of the texts are told apart by one scheme and model, and other contrasts are within a variant', () => {
  const both = ['nb', 'stl'].flatMap((model) =>
    ['all', 'bare'].map((preprocess) => ({ ...condition('kd', model), preprocess })),
  )
  const keys = (pairs: [number, number][]) =>
    pairs.map((pair) => pair.map((i) => `${both[i]!.model}@${both[i]!.preprocess}`).join(' '))
  expect(keys(contrastsOf(both, 'standard'))).toEqual([
    'nb@all nb@bare',
    'nb@all stl@all',
    'nb@bare stl@bare',
    'stl@all stl@bare',
  ])
  expect(keys(contrastsOf(both, [['kd/stl', 'kd/nb']]))).toEqual(['nb@all stl@all', 'nb@bare stl@bare'])
  expect(keys(contrastsOf(both, [['kd/stl@bare', 'kd/nb@all']]))).toEqual(['nb@all stl@bare'])
})
