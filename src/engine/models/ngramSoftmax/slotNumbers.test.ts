import { expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { SlotNumbers } from './slotNumbers.ts'

it('numbers slots as a Map does, however many there are', () => {
  const random = seededRandom(4)
  const numbers = new SlotNumbers()
  const map = new Map<number, number>()
  const wrong: number[] = []
  for (let i = 0; i < 60_000; i++) {
    // Neighbours, multiples and any: what hashes alike and what does not.
    const slot = [random.below(20_000), 4096 * random.below(5000), random.below(20_971_520)][i % 3]!
    if (numbers.find(slot) !== (map.get(slot) ?? -1)) wrong.push(slot)
    if (!map.has(slot)) map.set(slot, map.size)
    if (numbers.add(slot) !== map.get(slot)) wrong.push(slot)
  }
  expect(numbers.size).toBe(map.size)
  expect([...numbers.slots]).toEqual([...map.keys()])
  const again = SlotNumbers.of(numbers.slots)
  for (const [slot, number] of map) if (again.find(slot) !== number) wrong.push(slot)
  expect(wrong).toEqual([])
})
