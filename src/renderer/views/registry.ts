import { viewIds, type ViewId } from '#protocol/views.ts'
import type { View } from './view.ts'
import { statusOf, type StudyFacts, type ViewStatus } from './viewStatus.ts'

/** Every folder beside this file that has a view.ts is a view; #protocol/views.ts says in which order and under which title. */
const folders = import.meta.glob<View>('./*/view.ts', { eager: true, import: 'default' })

export const registry = ofEach((id): View => {
  const view = folders[`./${id}/view.ts`]
  if (!view) throw new Error(`The view "${id}" of src/protocol/views.ts has no src/renderer/views/${id}/view.ts.`)
  return view
})

/** The state classes of the views that have one: the workbench makes them. */
export const viewStates = ofEach((id) => registry[id].state)

export const statusesOf = (facts: StudyFacts): Record<ViewId, ViewStatus> => ofEach((id) => statusOf(registry[id], facts))

function ofEach<Value>(value: (id: ViewId) => Value): Record<ViewId, Value> {
  return Object.fromEntries(viewIds.map((id) => [id, value(id)])) as Record<ViewId, Value>
}
