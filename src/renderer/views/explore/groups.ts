import type { ColumnValues } from '#protocol/corpus.ts'
import type { Condition } from '#protocol/explorer.ts'

/** Two parts of a corpus that are looked at beside each other. */
export interface Groups {
  column: string
  parts: [Condition, Condition]
}

/**
 * Numbers are parted at their middle, so that both parts have about as many documents; other values into the most frequent one
 * and the next. Null where there are no two parts.
 */
export function firstGroups(column: string, { values, numbers }: ColumnValues): Groups | null {
  if (numbers) return partedAt(column, { values, numbers }, numbers.median < numbers.max ? numbers.median : numbers.min)
  const [first, second] = values
  return first && second
    ? {
        column,
        parts: [
          { column, values: [first.value] },
          { column, values: [second.value] },
        ],
      }
    : null
}

/** Those up to a number, and those from the next number that occurs. */
export function partedAt(
  column: string,
  { values, numbers }: Pick<ColumnValues, 'values' | 'numbers'>,
  at: number,
): Groups | null {
  if (!numbers || !(at >= numbers.min && at < numbers.max)) return null
  const above = values.map(({ value }) => Number(value)).filter((number) => number > at)
  // Of many values only the frequent ones are known: what lies between belongs to the upper part.
  const next = above.length === 0 ? numbers.max : Math.min(...above)
  return {
    column,
    parts: [
      { column, max: at },
      { column, min: values.length < 500 ? next : at + Number.EPSILON * Math.max(1, Math.abs(at)) },
    ],
  }
}
