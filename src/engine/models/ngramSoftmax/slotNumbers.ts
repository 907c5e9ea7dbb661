import { GrowingArray } from '#engine/corpus/growingArray.ts'

/**
 * Numbers distinct slots 0, 1, 2… in the order in which they are added: memory goes with the slots that there are, not with those
 * that there might be. Open addressing, at most half full.
 */
export class SlotNumbers {
  readonly #slots = new GrowingArray(Int32Array)
  /** Number + 1 of the slot at each place, 0 for none. */
  #table = new Int32Array(1 << 12)
  #shift = 32 - 12

  static of(slots: Int32Array): SlotNumbers {
    const numbers = new SlotNumbers()
    for (const slot of slots) numbers.add(slot)
    return numbers
  }

  get size(): number {
    return this.#slots.length
  }

  /** In the order of their numbers: a view that the next one added may leave behind. */
  get slots(): Int32Array {
    return this.#slots.values
  }

  /** The number of a slot, or -1. */
  find(slot: number): number {
    return this.#table[this.#place(slot)]! - 1
  }

  /** The number of a slot, which it gets where it has none. */
  add(slot: number): number {
    const place = this.#place(slot)
    const known = this.#table[place]!
    if (known > 0) return known - 1
    this.#slots.push(slot)
    this.#table[place] = this.size
    if (2 * this.size > this.#table.length) this.#widen()
    return this.size - 1
  }

  /** Where a slot is, or would be. */
  #place(slot: number): number {
    const [table, slots] = [this.#table, this.#slots]
    // Fibonacci hashing: slots of words that are alike lie side by side.
    let place = Math.imul(slot, 0x9e3779b1) >>> this.#shift
    for (let number = table[place]!; number > 0 && slots.at(number - 1) !== slot; number = table[place]!)
      place = (place + 1) & (table.length - 1)
    return place
  }

  #widen(): void {
    this.#table = new Int32Array(2 * this.#table.length)
    this.#shift--
    for (let number = 1; number <= this.size; number++) this.#table[this.#place(this.#slots.at(number - 1))] = number
  }
}
