import { defineView } from '../view.ts'
import { nothing, ready } from '../viewStatus.ts'
import ExplorePane from './ExplorePane.svelte'
import { ExploreState } from './exploreState.svelte.ts'

export default defineView({
  component: ExplorePane,
  state: ExploreState,
  status: ({ project }) => (project && project.corpora.length > 0 ? ready : nothing),
})
