import { defineView } from '../view.ts'
import { nothing } from '../viewStatus.ts'
import ArtefactsPane from './ArtefactsPane.svelte'

export default defineView({
  component: ArtefactsPane,
  status: ({ project }) =>
    project && project.artefacts.length > 0 ? { word: String(project.artefacts.length), tone: 'ready' } : nothing,
})
