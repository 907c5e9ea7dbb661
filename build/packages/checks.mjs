/**
 * A row of checks that go on from one another: each says what it shows; a failure is counted and told, and the next one follows.
 * @typedef {{ harness: string, seed: number, tried: number, failed: number, skipped: string[], measured?: Record<string, number> }} Outcome
 */
export class Checks {
  /** @type {Outcome} */
  outcome

  /**
   * @param {string} harness
   * @param {number} seed
   */
  constructor(harness, seed) {
    this.outcome = { harness, seed, tried: 0, failed: 0, skipped: [] }
  }

  /**
   * @param {string} what it shows, in words
   * @param {() => Promise<string | void>} check throws where it does not; what it returns is told with it
   * @returns {Promise<boolean>} whether it held
   */
  async check(what, check) {
    this.outcome.tried++
    const started = performance.now()
    let words = ''
    let holds = true
    try {
      words = (await check()) ?? ''
    } catch (error) {
      holds = false
      this.outcome.failed++
      words = error instanceof Error ? error.message : String(error)
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${what} (${seconds} s)${words ? `: ${words}` : ''}\n`)
    return holds
  }

  skip(/** @type {string} */ what, /** @type {string} */ why) {
    this.outcome.skipped.push(`${what}: ${why}`)
    process.stdout.write(`skip ${what}: ${why}\n`)
  }

  /** A figure that the last line tells, to a tenth; its name has the unit. */
  measure(/** @type {string} */ name, /** @type {number} */ value) {
    this.outcome.measured = { ...this.outcome.measured, [name]: Math.round(10 * value) / 10 }
  }

  /** One line of JSON, the last one, and the exit code. */
  end() {
    process.stdout.write(`${JSON.stringify(this.outcome)}\n`)
    process.exitCode = this.outcome.failed === 0 ? 0 : 1
  }
}

/**
 * @param {unknown} holds
 * @param {string} words what is wrong where it does not
 * @returns {asserts holds}
 */
export function must(holds, words) {
  if (!holds) throw new Error(words)
}
