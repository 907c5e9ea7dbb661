import type { ClusterState, ClusterStep } from '#protocol/cluster.ts'

const states: ClusterState[] = ['done', 'running', 'requeued', 'queued', 'waiting', 'failed', 'cancelled', 'unknown']

/** `3 of 12 steps done, 4 running, 1 requeued, 4 queued`. */
export function clusterSummary(steps: ClusterStep[]): string {
  const counts = states.map((state) => ({ state, count: steps.filter((step) => step.state === state).length }))
  const [done, ...others] = counts
  return [
    `${done!.count} of ${steps.length} steps done`,
    ...others.filter(({ count }) => count > 0).map(({ state, count }) => `${count} ${state}`),
  ].join(', ')
}

/** A step's state with what there is to say of it, in one line. */
export function stepWords(step: ClusterStep): string {
  const parts = stepDetails(step)
  return parts.length === 0 ? step.state : `${step.state}: ${parts.join(', ')}`
}

/** What there is to say of a step beside its state. */
export function stepDetails({ state, restarts, node, reason, ended, progress, resumes }: ClusterStep): string[] {
  const turn = restarts > 0 && state !== 'done' ? `turn ${restarts + 1}` : ''
  return {
    running: [node === null ? '' : `on ${node}`, turn, progress ?? ''],
    requeued: [turn, resumes ? 'goes on from its checkpoint' : '', waitWords(reason)],
    queued: [waitWords(reason)],
    waiting: ['for what it needs'],
    failed: [
      endWords(ended),
      reason ?? (ended === null ? 'without a word' : ''),
      resumes ? 'its checkpoint is kept' : '',
    ],
    cancelled: [neverBegan(reason) ? 'what it needs failed' : '', resumes ? 'its checkpoint is kept' : ''],
    unknown: [reason === null ? '' : `it last wrote “${reason}”`, resumes ? 'there is a checkpoint' : ''],
    done: [],
  }[state].filter((part) => part !== '')
}

/** Slurm's words for why a task waits, of those that one meets daily. */
const waits: Record<string, string> = {
  Resources: 'no node is free',
  Priority: 'others come first',
  JobArrayTaskLimit: 'as many of its array run as may at once',
  BeginTime: 'Slurm waits two minutes before a further turn',
  QOSMaxJobsPerUserLimit: 'as many of your jobs run as may at once',
  AssocGrpCpuLimit: 'the account has as many CPUs as it may',
  ReqNodeNotAvail: 'nodes that it asks for are away',
  PartitionDown: 'the partition is closed',
  PartitionTimeLimit: 'its time is longer than the partition allows',
  JobHeldUser: 'it is held',
  JobHeldAdmin: 'the administrator holds it',
}

const waitWords = (reason: string | null) =>
  reason === null ? '' : waits[reason] === undefined ? reason : `${waits[reason]} (${reason})`

/** Slurm's words for ends of which the task's own last line says nothing. */
const ends: Record<string, { words: string; advice: string }> = {
  OUT_OF_MEMORY: {
    words: 'it used more memory than it was given',
    advice: 'Give it more: raise memory in slurm.yaml, and submit it again.',
  },
  TIMEOUT: {
    words: 'it met its time limit',
    advice:
      'It goes on from its checkpoint when it is submitted again; raise time in slurm.yaml where it came to no checkpoint, or requeues where it met its limit often.',
  },
  NODE_FAIL: { words: 'its node failed', advice: 'Submit it again.' },
  BOOT_FAIL: { words: 'its node did not start', advice: 'Submit it again.' },
  DEADLINE: { words: 'it missed the deadline that Slurm was given', advice: 'Submit it again.' },
}

const endWords = (ended: string | null) => (ended === null ? '' : (ends[ended]?.words ?? ''))

const neverBegan = (reason: string | null) => reason === 'DependencyNeverSatisfied'

/** What to do about a step that came to no result; null where nothing is to be done. */
export function stepAdvice({ state, reason, ended }: ClusterStep): string | null {
  if (state === 'cancelled')
    return neverBegan(reason)
      ? 'Mend what it needs first; then submit both again.'
      : 'Submit it again when it is wanted.'
  if (state !== 'failed') return null
  if (ended !== null && ends[ended]) return ends[ended].advice
  if (reason?.startsWith('memory/')) return ends['OUT_OF_MEMORY']!.advice
  // What bash says of a program that it did not find, or the empty file of one that said nothing.
  return reason === null || /slurm_script: line \d+:/.test(reason)
    ? 'The program did not start on the node: look at isogloss, modules and before in slurm.yaml, and at its file in the logs folder beside the scripts.'
    : 'When the cause is gone, submit it again.'
}

/** Whether nothing more comes of a step by itself. */
export const hasEnded = ({ state }: ClusterStep): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled'

/** What goes wrong or on now first, then what is still to come, what is done. */
const order: ClusterState[] = ['failed', 'running', 'cancelled', 'requeued', 'queued', 'waiting', 'unknown', 'done']

/** Steps as they are worth a look; of one state as they were submitted. */
export const inOrderOfInterest = (steps: ClusterStep[]): ClusterStep[] =>
  [...steps].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))

/** Why the project's folder alone is shown. */
export const silentWords = (silent: string): string =>
  `Slurm could not be asked (${silent}): what the project's folder tells is shown.`
