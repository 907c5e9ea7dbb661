import { generateSample } from '#engine/corpus/sample/generateSample.ts'
import { placeCountries, writePlaceNames } from '#engine/corpus/sample/placeNames.ts'
import { jobContext } from '../jobContext.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const sampleHandlers = ({ jobs }: HandlerContext): HandlersOf<'sample'> => ({
  'sample.generate': async ({ directory, authors, seed }) => ({
    job: jobs.start(async (job) => {
      await generateSample({ directory, authors, seed }, jobContext(job, 'import', 'Make the sample corpus'))
    }),
  }),
  'sample.countries': placeCountries,
  'sample.placeNames': ({ file, of }) => writePlaceNames(file, of),
})
