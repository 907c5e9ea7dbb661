import { askSlurm } from './askSlurm.mjs'

/**
 * A job of Slurm as the processes in it know it, or a task of an array.
 * @typedef {object} SlurmTask
 * @property {string} cluster
 * @property {string} id `12`, or `12_3` of an array
 * @property {number} restarts how often it was queued again after it had begun
 */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {SlurmTask | undefined} the job that this process belongs to
 */
export function thisSlurmTask(environment) {
  const { SLURM_CLUSTER_NAME: cluster, SLURM_JOB_ID: job, SLURM_ARRAY_JOB_ID: array } = environment
  if (!cluster || !job) return undefined
  // The last task of an array has the array's id for its own.
  const id = array ? `${array}_${environment.SLURM_ARRAY_TASK_ID}` : job
  return { cluster, id, restarts: Number(environment.SLURM_RESTART_COUNT ?? 0) }
}

/** Slurm's words for jobs of which no process runs any more; of others, such as COMPLETING, one may. */
const over =
  /^(PENDING|COMPLETED|CANCELLED|FAILED|TIMEOUT|NODE_FAIL|PREEMPTED|BOOT_FAIL|DEADLINE|OUT_OF_MEMORY|REVOKED|REQUEUED|REQUEUE_HOLD|SPECIAL_EXIT)$/

/**
 * Asks the Slurm of this machine whether a job is over, was queued again, or is not known any more.
 * @param {SlurmTask} task
 * @returns {Promise<boolean>} false also where there is no Slurm, another one, or no answer
 */
export async function isOverForSlurm({ cluster, id }) {
  if (!/^\d+(_\d+)?$/.test(id) || cluster !== (process.env.SLURM_CLUSTER_NAME || (await clusterOfThisMachine())))
    return false
  const { failed, stdout, stderr } = await askSlurm('squeue', [
    '--noheader',
    '--array',
    '--states=all',
    '--format=%T',
    `--jobs=${id}`,
  ])
  if (failed) return stderr.includes('Invalid job id')
  return stdout.split(/\s+/).every((state) => state === '' || over.test(state))
}

async function clusterOfThisMachine() {
  const { stdout } = await askSlurm('scontrol', ['show', 'config'])
  return /^ClusterName\s*=\s*(\S+)/m.exec(stdout)?.[1]
}
