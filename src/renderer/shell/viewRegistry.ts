import { viewIds, type ViewId } from '#protocol/views.ts'
import type { View } from '../views/view.ts'
import type { StudyFacts, ViewStatus } from '../views/viewStatus.ts'

/** Every folder of views that has a view.ts is a view; #protocol/views.ts says in which order and under which title. */
const folders = import.meta.glob<View>('../views/*/view.ts', { eager: true, import: 'default' })

export const registry = ofEach((id): View => {
  const view = folders[`../views/${id}/view.ts`]
  if (!view) throw new Error(`The view "${id}" of src/protocol/views.ts has no src/renderer/views/${id}/view.ts.`)
  return view
})

/** The state classes of the views that have one: the workbench makes them. */
export const viewStates = ofEach((id) => registry[id].state)

/** What the rail says of each view: its own status, or that of the job which is at work in it. */
export const statusesOf = (facts: StudyFacts): Record<ViewId, ViewStatus> =>
  ofEach((id) => statusOf(registry[id], facts))

function statusOf({ status, work = [] }: View, facts: StudyFacts): ViewStatus {
  const { job } = facts
  // A job that has not begun a stage is told of where it was started.
  if (!job || job.phase === 'ended' || !work.includes(job.stage ?? 'training')) return status(facts)
  if (job.phase === 'failed') return { word: 'failed', tone: 'failed' }
  return { word: job.share === null ? 'running' : `running ${Math.floor(100 * job.share)}%`, tone: 'running' }
}

function ofEach<Value>(value: (id: ViewId) => Value): Record<ViewId, Value> {
  return Object.fromEntries(viewIds.map((id) => [id, value(id)])) as Record<ViewId, Value>
}
