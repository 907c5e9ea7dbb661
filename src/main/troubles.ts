import { dialog } from 'electron'
import type { ErrorReport } from '#protocol/errors.ts'

/** Tells a person what went wrong in the shell: in the window, or in a dialogue of the system while there is none. */
export class Troubles {
  #page: ((report: ErrorReport) => void) | null = null
  #kept: ErrorReport[] = []

  /** What can wait for the window does. */
  readonly tell = (report: ErrorReport): void => {
    if (this.#page) this.#page(report)
    else this.#kept.push(report)
  }

  /** An error that came out of no call, a defect. The shell goes on: it holds nothing that is not on disk. */
  readonly unexpected = (error: unknown): void => {
    const report = reportOf(error)
    process.stderr.write(`${report.code}: ${report.message}\n`)
    if (this.#page) this.#page(report)
    else dialog.showErrorBox('Isogloss', report.message)
  }

  /** A page listens from now on; what was kept for it is told. */
  listen(page: (report: ErrorReport) => void): void {
    this.#page = page
    for (const report of this.#kept.splice(0)) page(report)
  }

  /** The page is gone. */
  unlisten(): void {
    this.#page = null
  }
}

function reportOf(error: unknown): ErrorReport {
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: 'shell/unexpected',
    message: `The program round the window met an error that it has no words for: ${message}. Nothing on disk was harmed; restart Isogloss where something no longer answers, and report this with the steps that led to it.`,
  }
}
