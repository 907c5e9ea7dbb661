import type { QuestionKind } from '#protocol/explorer.ts'
import { bundle } from './bundle.ts'
import { difference } from './difference.ts'
import { kwic } from './kwic.ts'
import { line } from './line.ts'
import { map } from './map.ts'
import { patterns } from './patterns.ts'
import type { QuestionMethod } from './question.ts'
import { stats } from './stats.ts'
import { typical } from './typical.ts'
import { words } from './words.ts'

/** Kinds of questions that are asked of a corpus. */
export type CorpusQuestionKind = Exclude<QuestionKind, 'rates'>

/** Each of them by its name. */
export const questionMethods: { [Kind in CorpusQuestionKind]: QuestionMethod<Kind> } = {
  kwic,
  map,
  difference,
  line,
  bundle,
  words,
  patterns,
  stats,
  typical,
}
