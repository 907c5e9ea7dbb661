import { EngineError } from '#protocol/errors.ts'
import { wordsOf } from '../roles/columnNames.ts'
import { openRowSource } from '../form/openRowSource.ts'
import { plainAnswer } from './answerRule.ts'

/** The words that a questionnaire's codes stand for. */
export interface Codebook {
  /** The answer that a code of a question stands for; undefined where the codebook has none. */
  text(question: string, code: string): string | undefined
}

const headers = {
  question: ['column', 'variable', 'question', 'item', 'name', 'var', 'frage', 'spalte'],
  value: ['value', 'code', 'wert', 'number', 'answer code', 'key'],
  text: ['text', 'label', 'answer', 'meaning', 'description', 'value label', 'bezeichnung'],
}

/**
 * Reads a codebook: a table of column, value and text, by these names or in this order.
 * @throws EngineError 'import/bad-codebook' where the table has fewer columns
 */
export async function readCodebook(path: string): Promise<Codebook> {
  const { columns, read } = await openRowSource(path)
  const names = columns.map((name) => wordsOf(name).join(' '))
  const at = (role: keyof typeof headers) => names.findIndex((name) => headers[role].includes(name))
  const found = { question: at('question'), value: at('value'), text: at('text') }
  const byName = new Set(Object.values(found)).size === 3 && Object.values(found).every((index) => index >= 0)
  if (!byName && columns.length !== 3) {
    throw new EngineError(
      'import/bad-codebook',
      `The codebook ${path} has the columns ${columns.join(', ')}; expected three: column, value, text.`,
    )
  }
  const { question, value, text } = byName ? found : { question: 0, value: 1, text: 2 }
  const words = new Map<string, Map<string, string>>()
  const rows = read({
    row(_, fields) {
      const name = fields.text(question).trim()
      if (!words.has(name)) words.set(name, new Map())
      words.get(name)!.set(plainAnswer(fields.text(value).trim()), fields.text(text).trim())
    },
    reject: () => undefined,
  })
  for await (const _ of rows) void _
  return { text: (name, code) => words.get(name)?.get(code) || undefined }
}
