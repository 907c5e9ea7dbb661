import { defineView } from '../view.ts'
import { resultStatus } from '../viewStatus.ts'
import PredictPane from './PredictPane.svelte'
import { PredictState } from './predictState.svelte.ts'

export default defineView({ component: PredictPane, state: PredictState, status: resultStatus })
