import { join } from 'node:path'
import { z } from 'zod'
import type { Answer, Question } from '#protocol/explorer.ts'
import { EngineError } from '#protocol/errors.ts'
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
import { readCorpusSummary } from '../summaries.ts'
import { questionMethods, type CorpusQuestionKind } from './questions.ts'
import type { AskedProject, QuestionMethod } from './question.ts'
import { ratesOf } from './rates.ts'
import { withVariables } from './withVariables.ts'

const keptAnswer = z.object({ id: z.string(), answer: z.unknown() })

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
  const { question, variable, variables } = await withVariables(unresolved, project.directory)
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
    ...(variables && { variables }),
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
    const asked = {
      corpus,
      tokens: await openTokens(store.place('tokens', tokens.id)),
      areas,
      project,
      variable,
      variables,
    }
    const answer = await method.answer(question, asked, context)
    // Kept only to be quick the next time: a project on a read-only or a full disk is asked all the same.
    await writeInProject(directory, path, `${JSON.stringify({ id, answer })}\n`).catch(() => undefined)
    return answer
  } finally {
    corpus.close()
  }
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
