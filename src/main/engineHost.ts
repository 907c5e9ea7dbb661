import { MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron'
import { resolve, sep } from 'node:path'
import type { ErrorReport } from '#protocol/errors.ts'
import type { Grant, Granted } from '#protocol/wire.ts'

/** Ends in a row, each soon after its start, after which the engine is not started again unasked. */
const mostEndsInARow = 3
const soonMs = 30_000
/** How much of what the engine last said on stderr goes into the report of its end. */
const keptCharacters = 2000

interface Watch {
  stopped(report: ErrorReport, restarting: boolean): void
}

/**
 * Starts the engine in a process of its own, starts it again when it ends unasked, and gives a page its port.
 * A page gets an engine to itself: one that connects a second time (reloaded, crashed) gets a fresh process,
 * since the job of the page before would go on with nobody watching it. Checkpoints make ending an engine safe.
 */
export class EngineHost {
  #child: UtilityProcess | null = null
  #taken = false
  #startedMs = 0
  #endsInARow = 0
  #grantCount = 0
  /** Paths that the person chose, which every engine is told of before a page reaches it. */
  readonly #granted = new Set<string>()
  /** Grants that the running engine has not answered yet. */
  #untold = new Map<number, () => void>()
  readonly #entry: string
  readonly #watch: Watch

  constructor(entry: string, watch: Watch) {
    this.#entry = entry
    this.#watch = watch
  }

  start(): void {
    if (this.#child) return
    const child = utilityProcess.fork(this.#entry, [], { serviceName: 'Isogloss engine', stdio: 'pipe' })
    let lastWords = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk)
      lastWords = (lastWords + chunk.toString()).slice(-keptCharacters)
    })
    child.stdout?.resume()
    const untold = new Map<number, () => void>()
    child.on('message', ({ id }: Granted) => {
      untold.get(id)?.()
      untold.delete(id)
    })
    child.once('exit', (code) => {
      for (const told of untold.values()) told()
      if (this.#child === child) this.#ended(code, lastWords.trim())
    })
    this.#child = child
    this.#untold = untold
    this.#taken = false
    this.#startedMs = performance.now()
    void this.#tell([...this.#granted])
  }

  /** The page may name these files and folders from now on; an engine that runs knows it when this has resolved. */
  async grant(paths: readonly string[]): Promise<void> {
    const absolute = paths.map((path) => resolve(path))
    for (const path of absolute) this.#granted.add(path)
    await this.#tell(absolute)
  }

  /** Whether a path was granted, or lies in a folder that was. */
  isGranted(path: string): boolean {
    const place = resolve(path)
    return this.#granted.has(place) || [...this.#granted].some((folder) => place.startsWith(`${folder}${sep}`))
  }

  /** Resolves with the engine's word that the paths count, or with its end: the next one is told at its start. */
  #tell(paths: string[]): Promise<void> {
    const child = this.#child
    if (!child || paths.length === 0) return Promise.resolve()
    const grant: Grant = { kind: 'grant', id: ++this.#grantCount, paths }
    return new Promise((told) => {
      this.#untold.set(grant.id, told)
      child.postMessage(grant)
    })
  }

  connect(page: WebContents): void {
    if (this.#taken) this.stop()
    this.start()
    const { port1, port2 } = new MessageChannelMain()
    this.#child?.postMessage({ kind: 'connect' }, [port1])
    page.postMessage('enginePort', null, [port2])
    this.#taken = true
  }

  stop(): void {
    const child = this.#child
    this.#child = null
    child?.kill()
  }

  #ended(code: number, lastWords: string) {
    this.#child = null
    const soon = performance.now() - this.#startedMs < soonMs
    this.#endsInARow = soon ? this.#endsInARow + 1 : 1
    const restarting = this.#endsInARow < mostEndsInARow
    const report: ErrorReport = {
      code: 'engine/stopped',
      message: restarting
        ? `The engine stopped unexpectedly (exit code ${code}) and was started again. Finished steps and the last checkpoint are kept.`
        : `The engine stopped ${this.#endsInARow} times soon after its start (exit code ${code}). Nothing on disk was lost. Start it again, or restart Isogloss.`,
      data: { exitCode: code, lastWords },
    }
    if (restarting) this.start()
    this.#watch.stopped(report, restarting)
  }
}
