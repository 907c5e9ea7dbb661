import type { EngineEvents } from '#protocol/events.ts'
import { durationText } from '#pure/durationText.ts'

type Payload = EngineEvents['job.progress']

const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const bytesInMiB = 1 << 20

/** One line: what is done, how far, how fast, how long still. */
export function progressLine({ progress }: Payload): string {
  const { title, done, total, rate, rowsRate, remainingMs, loss } = progress
  const [unit, size] = progress.unit === 'bytes' ? ['MiB', bytesInMiB] : [progress.unit, 1]
  const counted = (value: number) => counts.format(value / size)
  const parts = [title, total === null ? `${counted(done)} ${unit}` : `${counted(done)} of ${counted(total)} ${unit}`]
  if (rate !== null) parts.push(`${counted(rate)}${size > 1 ? ` ${unit}` : ''}/s`)
  if (rowsRate !== null) parts.push(`${counts.format(rowsRate)} rows/s`)
  if (loss !== null) parts.push(`loss ${loss.toFixed(3)}`)
  if (remainingMs !== null) parts.push(`${durationText(remainingMs)} left`)
  return parts.join(', ')
}

/** The whole job as a bar of `width` characters in front of the line, cut to the terminal's `columns`. */
export function progressBar(payload: Payload, columns: number, width = 24): string {
  const share = payload.overall.total > 0 ? Math.min(1, payload.overall.done / payload.overall.total) : 0
  const filled = Math.floor(share * width)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${String(Math.floor(share * 100)).padStart(3)} %`
  const rest = payload.overall.remainingMs
  return `${bar}  ${progressLine(payload)}${rest === null ? '' : `; all in ${durationText(rest)}`}`.slice(
    0,
    columns - 1,
  )
}
