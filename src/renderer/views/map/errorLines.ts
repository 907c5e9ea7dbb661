/** Rows of a run's errors by rising distance; rows without a number are left out. */
export function rowsByError(errorKm: Float32Array): Uint32Array {
  const rows = Uint32Array.from(errorKm.keys()).filter((row) => Number.isFinite(errorKm[row]))
  return rows.sort((a, b) => errorKm[a]! - errorKm[b]!)
}

/**
 * Which errors a map draws, in drawing order (shortest first, so that long lines lie on top).
 * @param rising rows by rising distance
 */
export function rowsToDraw(rising: Uint32Array, count: number, which: 'shortest' | 'longest'): Uint32Array {
  const kept = Math.min(count, rising.length)
  return which === 'shortest' ? rising.subarray(0, kept) : rising.subarray(rising.length - kept)
}

/** Opacity of one line when so many are drawn: few stand out, thousands add up to tones. */
export function lineOpacity(count: number): number {
  return Math.min(0.85, Math.max(0.05, 6 / Math.sqrt(Math.max(1, count))))
}
