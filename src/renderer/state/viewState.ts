import type { Workbench } from './workbench.svelte.ts'

/** What one view alone keeps, and still has when it is shown again. The workbench makes one of each. */
export interface ViewState {
  /** Another experiment is looked at, or the same one with more done: what was asked of the engine before is no longer true. */
  look(experiment: string | null): void
}

export type ViewStateClass<State extends ViewState = ViewState> = new (workbench: Workbench) => State
