import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { thisSlurmTask } from './slurmTask.mjs'

/**
 * Who holds a lock, as its file says. Files of earlier versions lack the optional parts.
 * @typedef {object} Holder
 * @property {string} host
 * @property {number} processId
 * @property {string} processStart as the system counts, which tells a reused process id from the holder; '' where it does not say
 * @property {string} since
 * @property {string} [processSpace] a container counts its processes by itself: ids of another space mean nothing here
 * @property {string} [token] no two locks have the same
 * @property {import('./slurmTask.mjs').SlurmTask} [slurm] the job of a cluster that it works in
 */

/** @returns {Holder} this process, with a new token */
export const thisHolder = () => ({
  host: hostname(),
  processId: process.pid,
  processStart: startOf(process.pid) ?? '',
  since: new Date().toISOString(),
  processSpace: processSpace(),
  token: randomUUID(),
  slurm: thisSlurmTask(process.env),
})

/**
 * @param {string} text
 * @returns {Holder | null} null where the text is not a whole lock
 */
export function parseHolder(text) {
  /** @type {unknown} */
  let value
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const {
    host,
    processId,
    processStart,
    since,
    processSpace: space,
    token,
    slurm,
  } = /** @type {Record<string, unknown>} */ (value)
  const isWhole =
    typeof host === 'string' &&
    typeof processId === 'number' &&
    // Zero and below mean groups of processes to the system.
    Number.isInteger(processId) &&
    processId > 0 &&
    typeof processStart === 'string' &&
    typeof since === 'string' &&
    (space === undefined || typeof space === 'string') &&
    (token === undefined || typeof token === 'string') &&
    (slurm === undefined || isSlurmTask(slurm))
  return isWhole ? /** @type {Holder} */ (value) : null
}

const isSlurmTask = (/** @type {unknown} */ value) => {
  if (typeof value !== 'object' || value === null) return false
  const { cluster, id, restarts } = /** @type {Record<string, unknown>} */ (value)
  return typeof cluster === 'string' && typeof id === 'string' && typeof restarts === 'number'
}

/**
 * Whether a holder is an earlier start of the very job that this process works in: Slurm starts a job again only when it
 * takes the earlier start for ended.
 * @param {Holder} holder
 */
export function isEarlierStart({ slurm }) {
  const own = thisSlurmTask(process.env)
  return (
    own !== undefined &&
    slurm !== undefined &&
    slurm.cluster === own.cluster &&
    slurm.id === own.id &&
    slurm.restarts < own.restarts
  )
}

/**
 * @param {Holder} holder
 * @returns {'alive' | 'dead' | 'unknown'} unknown where this machine cannot tell: its heartbeat must
 */
export function lifeOf({ host, processId, processStart, processSpace: space }) {
  if (host !== hostname() || (space ?? processSpace()) !== processSpace()) return 'unknown'
  try {
    process.kill(processId, 0)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return 'dead'
  }
  const start = startOf(processId)
  if (start === null || processStart === '') return 'unknown'
  return start === processStart ? 'alive' : 'dead'
}

/**
 * Fields 22 and 3 of /proc/PID/stat: clock ticks from boot to start; a process that nobody has waited for yet has ended.
 * @param {number} processId
 * @returns {string | null} null where there is no such file
 */
function startOf(processId) {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return /[ZX]/.test(fields[0] ?? '') ? 'ended' : (fields[19] ?? null)
  } catch {
    return null
  }
}

function processSpace() {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}
