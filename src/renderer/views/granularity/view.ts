import { defineView } from '../view.ts'
import { nothing, ready, type StudyFacts, type ViewStatus } from '../viewStatus.ts'
import GranularityPane from './GranularityPane.svelte'
import { GranularityState } from './granularityState.svelte.ts'

const status = ({ experiment }: StudyFacts): ViewStatus => (experiment === null ? nothing : ready)

export default defineView({ component: GranularityPane, state: GranularityState, status })
