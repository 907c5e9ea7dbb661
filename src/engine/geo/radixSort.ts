/** Buckets of a pass: the ends of 256 runs stay in the fastest cache. */
const digitBits = 8
const buckets = 1 << digitBits

interface Sorted {
  values: Float64Array
  items: Int32Array
}

/**
 * Values ascending, and the items that belong to them; equal values keep their items' order. Linear time: a radix sort
 * of values scaled to 32 bits, which keep apart what lies more than 1e-7 degrees apart, and a comparison sort of what
 * it leaves together. Values travel with their items, since looking them up costs more than moving them.
 * @param values finite; `values[p]` belongs to `items[p]`. Both stay as they are.
 */
export function radixSort(values: Float64Array, items: Int32Array): Sorted {
  const scale = scaleOf(values)
  let from: Sorted = { values, items }
  let to = emptyLike(values)
  let spare = emptyLike(values)
  const next = new Int32Array(buckets)
  for (let shift = 0; shift < 32; shift += digitBits) {
    next.fill(0)
    count(from.values, scale, shift, next)
    let start = 0
    for (let digit = 0; digit < buckets; digit++) {
      const size = next[digit]!
      next[digit] = start
      start += size
    }
    move(from.values, from.items, scale, shift, next, to.values, to.items)
    from = to
    to = spare
    spare = from
  }
  sortWithinKeys(from.values, from.items, scale)
  return from
}

const emptyLike = ({ length }: Float64Array): Sorted => ({
  values: new Float64Array(length),
  items: new Int32Array(length),
})

/** A value's key is (value - least) * factor in 32 bits: it never falls where values rise. */
interface Scale {
  least: number
  factor: number
}

function scaleOf(values: Float64Array): Scale {
  let least = Infinity
  let most = -Infinity
  for (let p = 0; p < values.length; p++) {
    const value = values[p]!
    if (value < least) least = value
    if (value > most) most = value
  }
  const factor = 0xffffffff / (most - least)
  // A range that is nothing or overflows leaves one key for all.
  return factor > 0 && factor < Infinity ? { least, factor } : { least: 0, factor: 0 }
}

function count(values: Float64Array, { least, factor }: Scale, shift: number, sizes: Int32Array): void {
  for (let p = 0; p < values.length; p++) {
    const digit = (((values[p]! - least) * factor) >>> shift) & (buckets - 1)
    sizes[digit] = sizes[digit]! + 1
  }
}

function move(
  values: Float64Array,
  items: Int32Array,
  { least, factor }: Scale,
  shift: number,
  next: Int32Array,
  valuesTo: Float64Array,
  itemsTo: Int32Array,
): void {
  for (let p = 0; p < values.length; p++) {
    const value = values[p]!
    const digit = (((value - least) * factor) >>> shift) & (buckets - 1)
    const at = next[digit]!
    next[digit] = at + 1
    valuesTo[at] = value
    itemsTo[at] = items[p]!
  }
}

/** Sorts each run of one key by value, where it is not sorted yet. */
function sortWithinKeys(values: Float64Array, items: Int32Array, { least, factor }: Scale): void {
  const keyAt = (p: number) => ((values[p]! - least) * factor) >>> 0
  for (let p = 1; p < values.length; p++) {
    if (values[p]! >= values[p - 1]!) continue
    let from = p - 1
    while (from > 0 && keyAt(from - 1) === keyAt(p)) from--
    let to = p + 1
    while (to < values.length && keyAt(to) === keyAt(p)) to++
    const run = Array.from({ length: to - from }, (_, i) => ({ value: values[from + i]!, item: items[from + i]! }))
    run.sort((a, b) => a.value - b.value)
    run.forEach(({ value, item }, i) => {
      values[from + i] = value
      items[from + i] = item
    })
    p = to - 1
  }
}
