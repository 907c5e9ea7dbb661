import { filesOfCorpus } from '#protocol/experiment.ts'
import { previewImport } from '#engine/corpus/import/previewImport.ts'
import { expandFiles } from '#engine/files/expandFiles.ts'
import { columnValues } from '#engine/runs/columnValues.ts'
import { readCorpusReading } from '#engine/runs/corpusReading.ts'
import { withFoundCorpusFiles } from '#engine/runs/experimentFile.ts'
import { readRejectedRows } from '#engine/runs/rejectedRows.ts'
import { importJob } from '../importJob.ts'
import { checkImportFrom } from '../machinePolicy.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const corpusHandlers = ({ session, jobs }: HandlerContext): HandlersOf<'corpus'> => ({
  async 'corpus.preview'({ files, ...settings }) {
    const found = await expandFiles(files)
    await checkImportFrom(found, session.directory)
    return previewImport(found, settings)
  },
  async 'corpus.import'({ corpus }) {
    const { project } = session
    const found = await withFoundCorpusFiles(corpus)
    await checkImportFrom(filesOfCorpus(found), project.directory)
    return { job: jobs.start((job) => importJob(project, found, job)) }
  },
  'corpus.column': async ({ corpus, column }) =>
    columnValues(await session.project.store.whole('corpus', corpus), column),
  'corpus.reading': async ({ corpus }) => readCorpusReading(await session.project.store.whole('corpus', corpus)),
  'corpus.rejected': async ({ corpus }) => readRejectedRows(await session.project.store.whole('corpus', corpus)),
})
