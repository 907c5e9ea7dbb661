type Values = Uint8Array | Int32Array | Uint32Array | Float64Array

/** A typed array that grows by doubling: millions of numbers without an object each. */
export class GrowingArray<Type extends Values> {
  length = 0
  #values: Type

  constructor(Type: new (length: number) => Type) {
    this.#values = new Type(1 << 12)
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const longer = new (this.#values.constructor as new (length: number) => Type)(2 * this.length)
      longer.set(this.#values)
      this.#values = longer
    }
    this.#values[this.length++] = value
  }

  at(index: number): number {
    return this.#values[index]!
  }

  set(index: number, value: number): void {
    this.#values[index] = value
  }

  /** What was pushed, without a copy: a view that the next push may leave behind. */
  get values(): Type {
    return this.#values.subarray(0, this.length) as Type
  }
}
