/** An error as it crosses the wire: the code is stable, the message says what was found, what was expected and what to do. */
export interface ErrorReport {
  code: string
  message: string
  data?: Record<string, unknown>
}

/**
 * The one error that people see. `code` is `area/what-is-wrong`; `message` names what was found,
 * what was expected and what to do next; `data` holds the same facts for a program.
 */
export class EngineError extends Error {
  readonly code: string
  readonly data: Record<string, unknown> | undefined

  constructor(code: string, message: string, data?: Record<string, unknown>, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EngineError'
    this.code = code
    this.data = data
  }

  toReport(): ErrorReport {
    return { code: this.code, message: this.message, ...(this.data ? { data: this.data } : {}) }
  }
}
