import { expect, test } from 'vitest'
import { pointsOf } from '#engine/geo/testPlaces.ts'
import { testCountries } from './testCountries.ts'

test('countries are told where a hundredth of the documents lie outside of the commonest one', async () => {
  const bern = [46.95, 7.45] as const
  const lyon = [45.76, 4.84] as const
  const told = await testCountries(pointsOf(...Array.from({ length: 99 }, () => bern), lyon))
  expect(told!.of.slice(-2)).toEqual(['CH', 'FR'])
  expect(told!.find(pointsOf([45.7, 4.9]))).toEqual(['FR'])
  expect(await testCountries(pointsOf(...Array.from({ length: 100 }, () => bern), lyon))).toBeNull()
})
