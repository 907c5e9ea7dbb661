/**
 * Whether an error of TensorFlow says that the device has no memory left (TF_RESOURCE_EXHAUSTED is status 8): a smaller
 * piece of the same work may still succeed.
 */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error &&
  /Invalid TF_Status: 8\b|\bOOM when allocating\b|RESOURCE_EXHAUSTED|ResourceExhausted/.test(error.message)
