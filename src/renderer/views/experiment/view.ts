import { defineView } from '../view.ts'
import { nothing, ready } from '../viewStatus.ts'
import ExperimentPane from './ExperimentPane.svelte'

export default defineView({
  component: ExperimentPane,
  status({ experiment, draft }) {
    if (draft === 'invalid') return { word: 'has errors', tone: 'failed' }
    if (draft === 'unsaved') return { word: 'unsaved', tone: 'stale' }
    return experiment ? ready : nothing
  },
})
