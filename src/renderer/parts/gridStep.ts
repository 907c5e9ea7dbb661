const steps: Record<string, (at: number, page: number, last: number) => number> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => at - page,
  Home: () => 0,
  End: (_at, _page, last) => last,
}

/**
 * The row that a key goes to; null where it is none of a grid's keys, or there is no row.
 * @param active -1 where no row is pointed at: then all keys but End begin at the first row
 * @param page rows in view
 */
export function gridStep(key: string, active: number, rows: number, page: number): number | null {
  const step = Object.hasOwn(steps, key) ? steps[key]! : null
  if (step === null || rows === 0) return null
  if (active < 0 && key !== 'End') return 0
  return Math.min(rows - 1, Math.max(0, step(active, page, rows - 1)))
}

export const isGridKey = (key: string): boolean => Object.hasOwn(steps, key)
