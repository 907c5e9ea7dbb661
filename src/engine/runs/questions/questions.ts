import type { QuestionKind } from '#protocol/explorer.ts'
import { kwic } from './kwic.ts'
import { line } from './line.ts'
import { map } from './map.ts'
import type { QuestionMethod } from './question.ts'
import { words } from './words.ts'

/** Every kind of question by its name. */
export const questionMethods: { [Kind in QuestionKind]: QuestionMethod<Kind> } = { kwic, map, line, words }
