import type { Component } from 'svelte'
import type { StageName } from '#protocol/project.ts'
import type { ViewState, ViewStateClass } from '../state/viewState.ts'
import type { StudyFacts, ViewStatus } from './viewStatus.ts'

interface ViewParts<State extends ViewState> {
  component: Component<{ viewState: State }>
  /** What the view keeps while another one is shown; the component is handed it. */
  state: ViewStateClass<State>
  /** The word beside its title in the rail. */
  status(facts: StudyFacts): ViewStatus
  /** The stages of a job that this view tells of: it says in the rail that they run, or that they failed. */
  work?: StageName[]
}

/** A view as the window knows it; its title and keys are in #protocol/views.ts, since the menu shows them too. */
export type View = Pick<ViewParts<ViewState>, 'status' | 'work'> & {
  component: Component<{ viewState: ViewState | undefined }>
  state?: ViewStateClass
}

/** Holds a view's component to the state that it is handed; a view without a state gets none. */
export function defineView<State extends ViewState>(
  view: ViewParts<State> | (Omit<ViewParts<State>, 'component' | 'state'> & { component: Component }),
): View {
  return view as unknown as View
}
