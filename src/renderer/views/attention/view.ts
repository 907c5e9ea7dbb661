import { defineView } from '../view.ts'
import { resultStatus } from '../viewStatus.ts'
import AttentionPane from './AttentionPane.svelte'
import { AttentionState } from './attentionState.svelte.ts'

export default defineView({ component: AttentionPane, state: AttentionState, status: resultStatus })
