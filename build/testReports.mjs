/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @returns {Counts} */
export const totalOf = (/** @type {Counts[]} */ counts) =>
  counts.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )

/**
 * What vitest's JSON reporter says. A test file that does not load has no tests in it and counts as one that failed.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[] } | null} report
 * @returns {Counts} one failure where there is no report
 */
export function readVitestReport(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((result) => result.status !== 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/**
 * What Playwright's JSON reporter says. A test that passed at a second attempt counts as passed.
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } } | null} report
 * @returns {Counts} one failure where there is no report
 */
export function readPlaywrightReport(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected + flaky, failed: unexpected, skipped }
}

/**
 * What a harness of checks says in its last line.
 * @param {string} output
 * @returns {Counts} one failure where it does not end with that line
 */
export function readHarness(output) {
  const last = output.trimEnd().split('\n').at(-1) ?? ''
  try {
    /** @type {import('./packages/checks.mjs').Outcome} */
    const { tried, failed, skipped } = JSON.parse(last)
    return { passed: tried - failed, failed, skipped: skipped.length }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
