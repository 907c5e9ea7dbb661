import { expect, it } from 'vitest'
import type { Comparison, ConditionName, ConditionResult } from '#protocol/comparison.ts'
import { comparisonPicture } from './comparisonPicture.ts'

const condition = (name: ConditionName): ConditionResult => ({
  ...name,
  labelCount: 2,
  seeds: [1],
  accuracy: 0.5,
  accuracyAt161Km: 0.5,
  meanErrorKm: 200,
  medianErrorKm: 100,
  perSeed: [],
  intervals: { meanErrorKm: [190, 210] },
  coordinatesHead: null,
  oracle: null,
  accuracyWithinKm: { 25: 0, 50: 0, 100: 0 },
  overOracleKm: null,
  seenPlaces: null,
  unseenPlaces: null,
  runs: [],
  bestIn: [],
})

const pictureOf = (...names: ConditionName[]) =>
  comparisonPicture({
    experiment: 'test',
    synthetic: false,
    test: { documents: 2, unit: 'document', clusters: 2, resamples: 10 },
    settings: {
      mentions: 'keep',
      hashtags: 'keep',
      placeNames: 'keep',
      stopwords: 'none',
      replacementTokens: 'none',
      splitBy: 'author',
    },
    results: names.map(condition),
    differences: [],
    warnings: [],
  } satisfies Comparison)

it('has colours from the labels’ method and dashes from the tasks, whatever a person calls them', () => {
  const cities = pictureOf({
    labels: 'kd',
    model: 'mtl',
    labelsMethod: 'point2city',
    method: 'attention-cnn',
    tasks: ['labels'],
  })
  expect(cities).toContain('#D55E00')
  expect(cities).not.toContain('#0072B2')
  expect(cities).toContain('stroke-dasharray')
  const both = pictureOf({
    labels: 'velocity',
    model: 'stl',
    labelsMethod: 'kd-tree',
    method: 'attention-cnn',
    tasks: ['labels', 'coordinates'],
  })
  expect(both).toContain('#0072B2')
  expect(both).not.toContain('#D55E00')
  expect(both).not.toContain('stroke-dasharray')
})
