/** A list of ids that grows by doubling: millions of them without a number object each. */
export class GrowingIds {
  #values = new Int32Array(1 << 16)
  length = 0

  push(id: number): void {
    if (this.length === this.#values.length) {
      const longer = new Int32Array(2 * this.#values.length)
      longer.set(this.#values)
      this.#values = longer
    }
    this.#values[this.length++] = id
  }

  values(): Int32Array {
    return this.#values.slice(0, this.length)
  }
}
