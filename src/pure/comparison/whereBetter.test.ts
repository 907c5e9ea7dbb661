import { expect, it } from 'vitest'
import { signedKm, sureWinner } from './whereBetter.ts'

it('names the better one of two where the interval leaves out zero, and writes differences with their sign', () => {
  const pair = { a: 'kd/linear', b: 'p2c/linear', differences: [] }
  const over = (low: number, high: number) =>
    sureWinner(pair, { differenceKm: (low + high) / 2, interval: [low, high], meanErrorKm: { a: 1, b: 1 } })
  expect([over(-9, -1), over(2, 3), over(-1, 4), over(-5, 0)]).toEqual(['p2c/linear', 'kd/linear', null, null])
  expect([-3.25, 4, -120.4, 0].map(signedKm)).toEqual(['\u22123.3', '+4.0', '\u2212120', '+0.0'])
})
