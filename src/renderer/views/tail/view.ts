import { defineView } from '../view.ts'
import { resultStatus } from '../viewStatus.ts'
import ErrorTailPane from './ErrorTailPane.svelte'

export default defineView({ component: ErrorTailPane, status: resultStatus })
