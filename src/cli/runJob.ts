import type { EngineEvents } from '#protocol/events.ts'
import type { EngineClient } from './engineClient.ts'
import { printable } from './output.ts'
import { progressBar, progressLine } from './progressLine.ts'

/** Lines elsewhere than on a terminal come at most this often. */
const lineMs = 2000

/** What is told of a job that is one of several. */
export interface OneOfSeveral {
  /** Begins its lines. */
  name: string
  /** The id of the step that it is there for: what it finds done for that is not told. */
  step: string
}

/**
 * Waits for a job and shows it on standard error: a bar on a terminal, else lines that begin with the process id.
 * Several at once have lines everywhere, with their names.
 */
export async function runJob(
  engine: EngineClient,
  start: () => Promise<{ job: string }>,
  several?: OneOfSeveral,
): Promise<void> {
  const terminal = process.stderr.isTTY && !several
  const columns = process.stderr.columns || 80
  let lastMs = -Infinity
  let barShown = false
  const clear = () => {
    if (barShown) process.stderr.write('\r\u001b[K')
    barShown = false
  }
  const line = (text: string) => {
    clear()
    const before = several ? `[${several.name}] ` : ''
    process.stderr.write(`${terminal ? '' : `${process.pid} `}${printable(before + text)}\n`)
  }

  const unlisten = engine.listen((event, payload) => {
    if (event === 'job.progress') {
      const progress = payload as EngineEvents['job.progress']
      if (terminal) {
        process.stderr.write(`\r\u001b[K${progressBar(progress, columns)}`)
        barShown = true
      } else if (performance.now() - lastMs > lineMs) {
        lastMs = performance.now()
        line(progressLine(progress))
      }
    } else if (event === 'job.step') {
      const { step, title, state } = payload as EngineEvents['job.step']
      if (several && several.step !== step) return
      if (state !== 'started') line(`${title}: ${state === 'reused' ? 'already there' : 'done'}`)
      else if (!terminal) line(`${title}: started`)
    } else if (event === 'job.note') {
      line(`note: ${(payload as EngineEvents['job.note']).message}`)
    } else if (event === 'job.epoch') {
      const { metrics } = payload as EngineEvents['job.epoch']
      line(
        `  epoch ${metrics.epoch}: loss ${metrics.trainLoss.toFixed(3)}, development loss ${metrics.devLoss.toFixed(3)}, ` +
          `Acc@161 ${(100 * metrics.devAccuracyAt161Km).toFixed(1)} %, mean ${metrics.devMeanErrorKm.toFixed(0)} km, ` +
          `median ${metrics.devMedianErrorKm.toFixed(1)} km${metrics.best ? ', best so far' : ''}`,
      )
    }
  })
  try {
    const { job } = await start()
    await engine.finished(job)
  } finally {
    unlisten()
    clear()
  }
}
