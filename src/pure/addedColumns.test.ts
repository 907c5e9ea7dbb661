import { expect, it } from 'vitest'
import { addedColumns } from './addedColumns.ts'

it('gives columns names that the table has not, however often it was predicted before', () => {
  expect(addedColumns(['id', 'text'], ['lat', 'lon'])).toEqual(['lat', 'lon'])
  expect(addedColumns(['lat', 'text'], ['lat', 'lon'])).toEqual(['predicted_lat', 'predicted_lon'])
  expect(addedColumns(['lat', 'text', 'predicted_lon'], ['lat', 'lon'])).toEqual([
    'predicted_predicted_lat',
    'predicted_predicted_lon',
  ])
})
