import { defineView } from '../view.ts'
import { nothing, shareDone, stepsOf } from '../viewStatus.ts'
import { TrainingState } from './trainingState.svelte.ts'
import TrainingPane from './TrainingPane.svelte'

export default defineView({
  component: TrainingPane,
  state: TrainingState,
  status(facts) {
    const runs = stepsOf(facts, 'training')
    return runs.length > 0 ? shareDone(runs) : nothing
  },
  work: ['vocabulary', 'embedding', 'training'],
})
