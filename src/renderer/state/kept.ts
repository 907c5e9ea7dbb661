/** Small things that a view still knows when the window is opened again; without a store they last as long as the window. */
export function keep(key: string, value: unknown): void {
  try {
    globalThis.localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // A profile that cannot be written costs no more than this.
  }
}

/** What was kept, or null; whoever asks checks what it is. */
export function kept(key: string): unknown {
  try {
    return JSON.parse(globalThis.localStorage.getItem(key) ?? 'null')
  } catch {
    return null
  }
}
