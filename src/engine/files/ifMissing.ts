/** For a read's `catch`: what stands for a file that is not there. Any other error is thrown on. */
export const ifMissing =
  <Value>(value: Value) =>
  (error: unknown): Value => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return value
    throw error
  }
