import { defineView } from '../view.ts'
import { shareDone, stepsOf, unusedOrNothing } from '../viewStatus.ts'
import LabelsPane from './LabelsPane.svelte'

export default defineView({
  component: LabelsPane,
  status(facts) {
    const sets = stepsOf(facts, 'labels')
    return sets.some(({ state }) => state === 'done') ? shareDone(sets) : unusedOrNothing(facts, 'labels')
  },
  work: ['labels'],
})
