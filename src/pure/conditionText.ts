import type { Condition } from '#protocol/explorer.ts'

/** A condition as it is read: `age 18 to 30`, `sex f or m`. */
export function conditionText({ column, values, min, max }: Condition): string {
  if (values) return `${column} ${values.join(' or ')}`
  if (min === undefined) return `${column} up to ${short(max!)}`
  return max === undefined ? `${column} from ${short(min)}` : `${column} ${short(min)} to ${short(max)}`
}

const short = (value: number): string => String(Number(value.toPrecision(12)))
