import { toReport } from './jobs.ts'
import type { serve } from './serve.ts'

/** How long messages have to leave the process. */
const farewellMs = 200

/**
 * What happens to an error that came out of no call, a defect: everything that waits on this engine is told of it, and the
 * process ends, since what the error left behind is not known. Artefacts appear whole or not at all, so nothing is lost.
 */
export function endInWords(engines: readonly ReturnType<typeof serve>[]): void {
  let ending = false
  const end = (error: unknown) => {
    if (ending) return
    ending = true
    const report = toReport(error)
    const told = engines.map((engine) => engine.fail(report))
    if (!told.includes(true)) process.stderr.write(`${report.code}: ${report.message}\n`)
    setTimeout(() => process.exit(1), farewellMs)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}
