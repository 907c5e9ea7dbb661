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
export function stepWords({ state, restarts, node, reason, progress, resumes }: ClusterStep): string {
  const turn = restarts > 0 && state !== 'done' ? `turn ${restarts + 1}` : ''
  const parts = {
    running: [node === null ? '' : `on ${node}`, turn, progress ?? ''],
    requeued: [turn, resumes ? 'goes on from its checkpoint' : '', reason ?? ''],
    queued: [reason ?? ''],
    waiting: ['for what it needs'],
    failed: [reason ?? 'without a word', resumes ? 'its checkpoint is kept' : ''],
    cancelled: [resumes ? 'its checkpoint is kept' : ''],
    unknown: [resumes ? 'there is a checkpoint' : ''],
    done: [],
  }[state].filter((part) => part !== '')
  return parts.length === 0 ? state : `${state}: ${parts.join(', ')}`
}
