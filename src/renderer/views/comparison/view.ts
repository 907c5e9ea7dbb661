import { defineView } from '../view.ts'
import { resultStatus } from '../viewStatus.ts'
import ComparisonPane from './ComparisonPane.svelte'
import { ComparisonState } from './comparisonState.svelte.ts'

export default defineView({
  component: ComparisonPane,
  state: ComparisonState,
  status: resultStatus,
  work: ['evaluation'],
})
