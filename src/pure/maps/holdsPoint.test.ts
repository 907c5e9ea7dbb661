import { expect, it } from 'vitest'
import { holdsPoint } from './holdsPoint.ts'

it('tells what lies in a polygon, in its hole, and outside', () => {
  const [square, hole] = [[0, 0, 10, 0, 10, 10, 0, 10], [4, 4, 6, 4, 6, 6, 4, 6]] // prettier-ignore
  const polygon = { positions: Float64Array.from([...square!, ...hole!]), holeIndices: [8] }
  const at = (x: number, y: number) => holdsPoint(polygon, x, y)
  expect([at(1, 1), at(5, 2), at(9, 9)]).toEqual([true, true, true])
  expect([at(5, 5), at(-1, 5), at(11, 5), at(5, -1)]).toEqual([false, false, false, false])
})
