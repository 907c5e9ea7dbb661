import { defineView } from '../view.ts'
import { nothing, ready } from '../viewStatus.ts'
import CorpusPane from './CorpusPane.svelte'

export default defineView({
  component: CorpusPane,
  status: ({ project }) => (project && project.corpora.length > 0 ? ready : nothing),
  work: ['import'],
})
