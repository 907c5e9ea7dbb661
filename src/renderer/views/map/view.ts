import { defineView } from '../view.ts'
import { resultStatus } from '../viewStatus.ts'
import ErrorMapPane from './ErrorMapPane.svelte'

export default defineView({ component: ErrorMapPane, status: resultStatus })
