import { EngineError } from '#protocol/errors.ts'

/** Whatever was thrown, as an error with a code and words for a person. */
export function toError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new EngineError(
    'window/unexpected',
    `The window met an error that it has no words for: ${message}. Try again.`,
  )
}
