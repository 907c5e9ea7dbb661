import { join } from 'node:path'
import { z } from 'zod'
import type { Answer, Question, QuestionKind, QuestionOf } from '#protocol/explorer.ts'
import { EngineError } from '#protocol/errors.ts'
import type { Variable } from '#protocol/variables.ts'
import type { StageContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { openTokens } from '#engine/explorer/tokens/corpusTokens.ts'
import { readCache } from '#engine/files/artefactFile.ts'
import { version } from '#engine/version.ts'
import type { ArtefactStore } from '../artefactStore.ts'
import { contentId } from '../contentId.ts'
import { writeInProject } from '../projectFolder.ts'
import { tokensRecipe } from '../recipes.ts'
import { tokensStage } from '../stages/tokensStage.ts'
import { readVariable } from '../variables.ts'
import { readCorpusSummary } from '../summaries.ts'
import { questionMethods, type CorpusQuestionKind } from './questions.ts'
import type { AskedProject, QuestionMethod } from './question.ts'
import { ratesOf } from './rates.ts'

const keptAnswer = z.object({ id: z.string(), answer: z.unknown() })

type WithoutCorpus = { [Kind in QuestionKind]: Omit<QuestionOf<Kind>, 'corpus'> }[QuestionKind]

/**
 * Answers a question about the words of a corpus. The first question makes the corpus's tokens, for which the caller holds
 * the project's lock; the same question is answered from what was kept.
 * @throws EngineError 'explorer/no-corpus', 'explorer/which-corpus', and those of the kind of question
 */
export async function askQuestion(
  project: AskedProject,
  { corpus: wanted, ...unresolved }: Question,
  context: StageContext,
): Promise<Answer> {
  const { question, variable } = await withVariable(unresolved, project.directory)
  if (question.kind === 'rates') return ratesOf(question, context)
  const { directory, store } = project
  const corpusId = await chooseCorpus(store, wanted)
  const tokens = tokensRecipe(corpusId)
  const method = questionMethods[question.kind] as QuestionMethod<CorpusQuestionKind>
  const areas = (await method.areas?.(question, project)) ?? null
  const id = contentId({
    version: method.version,
    question,
    tokens: tokens.id,
    ...(areas && { areas: areas.id }),
    ...(variable && { variable }),
  })
  const path = join(directory, 'answers', `${id}.json`)
  const kept = await readCache(path, keptAnswer)
  if (kept?.id === id) return kept.answer as Answer
  const corpusDirectory = await store.whole('corpus', corpusId)
  if (!(await store.has('tokens', tokens.id)))
    await store.create(
      {
        kind: 'tokens',
        ...tokens,
        title: 'All words of the corpus',
        versions: { isogloss: version, node: process.versions.node },
        machine: { platform: `${process.platform} ${process.arch}` },
      },
      (folder) => tokensStage(corpusDirectory, folder, context),
    )
  const corpus = await openCorpus(corpusDirectory)
  try {
    const asked = { corpus, tokens: await openTokens(store.place('tokens', tokens.id)), areas, project, variable }
    const answer = await method.answer(question, asked, context)
    // Kept only to be quick the next time: a project on a read-only or a full disk is asked all the same.
    await writeInProject(directory, path, `${JSON.stringify({ id, answer })}\n`).catch(() => undefined)
    return answer
  } finally {
    corpus.close()
  }
}

/** How many variants a kind of question takes. */
const variantsOf: Partial<Record<QuestionKind, [least: number, most: number, what: string]>> = {
  map: [1, 20, 'a map shows at least one'],
  line: [2, 20, 'a line parts at least two'],
  stats: [1, 20, 'statistics are of one'],
}

/**
 * The question with the variants of its variable.
 * @throws EngineError 'variables/unknown', 'explorer/how-many-variants'
 */
async function withVariable(
  question: Omit<Question, 'corpus'>,
  directory: string,
): Promise<{ question: WithoutCorpus; variable: Variable | null }> {
  const asked = question as WithoutCorpus
  if (!('variants' in asked)) return { question: asked, variable: null }
  const variable = asked.variable === undefined ? null : await readVariable(directory, asked.variable)
  const variants = variable ? Object.keys(variable.variants) : asked.variants
  const [least, most, what] = variantsOf[asked.kind]!
  // A rate is of one variant; of a variable it is the first one's among all who use any.
  const fits = variants.length >= least && variants.length <= (asked.kind === 'stats' && !variable ? 1 : most)
  if (!fits || (variable && asked.variants.length > 0))
    throw new EngineError(
      'explorer/how-many-variants',
      variable && asked.variants.length > 0
        ? 'Name variants or a variable, not both.'
        : `Found ${variants.length} ${variants.length === 1 ? 'variant' : 'variants'}; ${what}. Name as many.`,
    )
  return { question: { ...asked, variants }, variable }
}

/** A corpus of the project by its id or name; the only one where neither is given. */
async function chooseCorpus(store: ArtefactStore, wanted: string | undefined): Promise<string> {
  const corpora: { id: string; name: string }[] = []
  for (const { kind, id, damaged } of await store.list())
    if (kind === 'corpus' && damaged === null) corpora.push(await readCorpusSummary(store.place('corpus', id)))
  const found = wanted === undefined ? corpora : corpora.filter(({ id, name }) => id === wanted || name === wanted)
  const [corpus, another] = found
  const known = corpora.map(({ id, name }) => `${id} (${name})`).join(', ')
  if (!corpus)
    throw new EngineError(
      'explorer/no-corpus',
      wanted === undefined
        ? 'The project has no corpus to ask. Import one: isogloss import FILE --project DIR.'
        : `The project has no corpus "${wanted}"; it has ${known || 'none'}. Choose one of these.`,
    )
  if (another)
    throw new EngineError(
      'explorer/which-corpus',
      `The project has several corpora: ${known}. Say which one is asked by its id (--corpus).`,
    )
  return corpus.id
}
