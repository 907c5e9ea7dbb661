import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Answers, Condition, QuestionInput, QuestionKind } from '#protocol/explorer.ts'
import type { OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'

/** What every question about the words of a corpus takes. */
export interface QuestionOptions extends OutputOptions {
  project: string
  corpus?: string
  where?: Condition[]
}

export const addQuestionOptions = (command: Command): Command =>
  command
    .addOption(projectOption())
    .option('--corpus <id>', 'id or name of the corpus, where the project has several')
    .addOption(
      new Option(
        '--where <condition>',
        'a condition on a further column, such as age=18..30 or sex=f,m; may be repeated',
      ).argParser((text: string, before?: Condition[]) => [...(before ?? []), parseCondition(text)]),
    )
    .addOption(new Option('--json', 'print one JSON document and nothing else'))

export const projectOption = () => new Option('--project <folder>', 'project folder (required)').makeOptionMandatory()

/** A variable in the variants' stead. */
export const nameOption = () => new Option('--name <variable>', 'a variable of the project instead of variants')

/** Areas of one's own that an answer is cut to. */
export const clipOption = () =>
  new Option(
    '--clip <file>',
    'show nothing but what lies in these areas (GeoJSON, KML, KMZ, Shapefile); all informants still count',
  ).argParser((file: string) => resolve(file))

/** How users are counted. */
export const measureOption = () =>
  new Option('--measure <measure>', 'informants who use it, or how often it is used')
    .choices(['share', 'rate'])
    .default('share')

/** `age=18..30`, `age=18..`, `sex=f,m`. */
export function parseCondition(text: string): Condition {
  const at = text.indexOf('=')
  const [column, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  if (at < 1 || value === '')
    throw new InvalidArgumentError('Expected a column and its values, such as age=18..30 or sex=f,m.')
  const range = /^(-?[\d.]*)\.\.(-?[\d.]*)$/.exec(value)
  if (!range) return { column, values: value.split(',').map((one) => one.trim()) }
  const [min, max] = range.slice(1).map((bound) => (bound === '' ? undefined : Number(bound)))
  if ([min, max].some(Number.isNaN) || (min === undefined && max === undefined))
    throw new InvalidArgumentError('Expected numbers on one side of ".." or on both, such as age=18..30.')
  return { column, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

/** Asks the engine and waits for the answer; progress goes to standard error. */
export function ask<Kind extends QuestionKind>(
  { project, corpus, where }: QuestionOptions,
  question: Extract<QuestionInput, { kind: Kind }>,
): Promise<Answers[Kind]> {
  return withEngine(async (engine) => {
    await engine.request('project.open', { directory: resolve(project) })
    let asked = ''
    await runJob(engine, async () => {
      const { job } = await engine.request('explorer.ask', {
        question: { ...question, corpus, ...(where ? { where } : {}) },
      })
      asked = job
      return { job }
    })
    return (await engine.request('explorer.answer', { job: asked })) as Answers[Kind]
  })
}
