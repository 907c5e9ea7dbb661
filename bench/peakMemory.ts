import { readFileSync } from 'node:fs'

/**
 * Peak resident memory of this process in MiB. Linux's own count for getrusage begins with the parent's memory, which a
 * small process would be charged with; the memory map's count does not.
 */
export function peakMemoryMiB(): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (kibibytes) return Math.round(Number(kibibytes) / 1024)
  } catch {
    // Not Linux.
  }
  return Math.round(process.resourceUsage().maxRSS / 1024)
}
