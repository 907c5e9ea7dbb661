import { defineView } from '../view.ts'
import { resultStatus } from '../viewStatus.ts'
import DocumentPane from './DocumentPane.svelte'
import { DocumentState } from './documentState.svelte.ts'

export default defineView({ component: DocumentPane, state: DocumentState, status: resultStatus })
