import { readFileSync } from 'node:fs'

/**
 * The most memory that this process has held, in MiB. Linux gives getrusage's figure from the process that started this
 * one where that held more; /proc begins anew with each program.
 */
export function peakMemoryMiB(): number {
  if (process.platform === 'linux') {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
    if (peak) return Math.round(Number(peak[1]) / 1024)
  }
  return Math.round(process.resourceUsage().maxRSS / 1024)
}
