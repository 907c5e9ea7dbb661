import type { Answers, QuestionKind, QuestionOf } from '#protocol/explorer.ts'
import type { StageContext } from '#engine/context.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import type { CorpusTokens } from '#engine/explorer/tokens/corpusTokens.ts'

/** What a question is asked of. */
export interface AskedCorpus {
  corpus: Corpus
  tokens: CorpusTokens
}

/** How one kind of question is answered. */
export interface QuestionMethod<Kind extends QuestionKind> {
  /** Raised when answers change: a kept one is never that of another method. */
  version: number
  answer(question: QuestionOf<Kind>, asked: AskedCorpus, context: StageContext): Promise<Answers[Kind]>
}
