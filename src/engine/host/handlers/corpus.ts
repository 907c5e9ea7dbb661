import { previewImport } from '#engine/corpus/import/previewImport.ts'
import { readRejectedRows } from '#engine/runs/rejectedRows.ts'
import { importJob } from '../importJob.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const corpusHandlers = ({ session, jobs }: HandlerContext): HandlersOf<'corpus'> => ({
  'corpus.preview': ({ files, format, columns }) => previewImport({ files, format, columns }),
  async 'corpus.import'({ corpus }) {
    const { project } = session
    return { job: jobs.start((job) => importJob(project, corpus, job)) }
  },
  'corpus.rejected': async ({ corpus }) => readRejectedRows(await session.project.store.whole('corpus', corpus)),
})
