import { defineView } from '../view.ts'
import { nothing, ready } from '../viewStatus.ts'
import ProjectPane from './ProjectPane.svelte'

export default defineView({
  component: ProjectPane,
  status: ({ project }) => (project ? ready : nothing),
})
