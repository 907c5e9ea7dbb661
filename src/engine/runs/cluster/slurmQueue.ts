import { askSlurm } from '../askSlurm.mjs'

/** What Slurm says of a task. */
export interface QueuedTask {
  /** Slurm's word, such as PENDING. */
  state: string
  reason: string | null
  restarts: number
  node: string | null
}

const format = ['ArrayJobID', 'JobID', 'ArrayTaskID', 'State', 'Reason', 'RestartCnt', 'NodeList']
  .map((field) => `${field}:|`)
  .join(',')

export interface SlurmAnswer {
  /** By `12` or `12_3`. */
  tasks: Map<string, QueuedTask>
  /** Why Slurm could not be asked. */
  silent: string | null
}

/**
 * What Slurm knows of tasks: squeue of those that are not over for long, sacct of the others where the site keeps accounts.
 * @param wanted tasks, such as `12_3`
 */
export async function slurmQueue(wanted: string[]): Promise<SlurmAnswer> {
  const { failed, stdout, stderr } = await askSlurm('squeue', [
    ...['--noheader', '--array', '--states=all', `--Format=${format}`],
    // A single job that Slurm has forgotten is an error to it, one of several is not.
    `--jobs=${jobsOf(wanted).join(',')}`,
  ])
  if (failed && !stderr.includes('Invalid job id')) return { tasks: new Map(), silent: stderr }
  const tasks = failed ? new Map<string, QueuedTask>() : readQueue(stdout)
  const forgotten = jobsOf(wanted.filter((task) => !tasks.has(task)))
  if (forgotten.length > 0)
    for (const [task, found] of await accountsOf(forgotten)) if (!tasks.has(task)) tasks.set(task, found)
  return { tasks, silent: null }
}

const jobsOf = (tasks: string[]) => [...new Set(tasks.map((task) => task.split('_')[0]!))]

/** Lines of `squeue --Format` as it is asked for above. */
export function readQueue(text: string): Map<string, QueuedTask> {
  const tasks = new Map<string, QueuedTask>()
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [array = '', job = '', index = '', state = '', reason = '', restarts = '', node = ''] = line
      .split('|')
      .map((field) => field.trim())
    const isTask = /^\d+$/.test(index)
    tasks.set(isTask ? `${array}_${index}` : job, {
      state,
      reason: reason === '' || reason === 'None' ? null : reason,
      restarts: Number(restarts) || 0,
      node: node === '' ? null : node,
    })
  }
  return tasks
}

async function accountsOf(ids: string[]): Promise<Map<string, QueuedTask>> {
  const { failed, stdout } = await askSlurm('sacct', [
    ...['--allocations', '--noheader', '--parsable2', '--format=JobID,State,NodeList'],
    `--jobs=${ids.join(',')}`,
  ])
  return failed ? new Map<string, QueuedTask>() : readAccounts(stdout)
}

/** Lines of `sacct --parsable2`: a state may have words after it, as in `CANCELLED by 1000`. */
export function readAccounts(text: string): Map<string, QueuedTask> {
  const rows = text
    .split('\n')
    .map((line) => line.split('|'))
    .filter((fields) => fields.length >= 3)
  return new Map(
    rows.map(([id = '', state = '', node = '']) => [
      id,
      { state: state.split(' ')[0]!, reason: null, restarts: 0, node: /^(None.*)?$/.test(node) ? null : node },
    ]),
  )
}
