import type { ColumnContent } from './columnContent.ts'
import { nameScore, type NamedRole } from './columnNames.ts'
import { foldOf } from './foldColumn.ts'
import { isRemarks } from './questionnaireColumns.ts'

/** Columns with what they hold; `open` are those that are not spoken for. */
export interface Table {
  columns: string[]
  contents: ColumnContent[]
  open: number[]
}

/** A column, and what is to be told of the choice. */
export interface Guess {
  index: number | null
  note: string | null
}

/** The column whose name fits a role best, weighed by how well its content does. */
export function bestNamed(
  { columns, contents, open }: Table,
  role: NamedRole,
  fit: (content: ColumnContent) => number,
): number | null {
  const found = open
    .map((index) => ({ index, score: nameScore(role, columns[index]!) * fit(contents[index]!) }))
    .filter(({ score }) => score > 0)
  return found.sort((a, b) => b.score - a.score || a.index - b.index)[0]?.index ?? null
}

/** Who wrote a row: an id before a name, never an object, whose counters change from row to row. */
export function guessAuthor(table: Table): Guess {
  const { columns, contents } = table
  const index = bestNamed(table, 'author', (content) => {
    if (content.objects > 0.5) return 0
    const isId = content.share('ids', (value) => /^\d+$/.test(value)) > 0.9
    return 0.6 + 0.4 * content.filled + (isId ? 0.02 : 0)
  })
  if (index === null) {
    const object = columns.findIndex((name, i) => nameScore('author', name) > 0 && contents[i]!.objects > 0.5)
    const note =
      object < 0
        ? null
        : `"${columns[object]}" holds objects and is not taken for the author: two rows of one person would differ. Name a value inside (columns.author: ${columns[object]}.id_str).`
    return { index, note }
  }
  const rounded = contents[index]!.values.find((value) => /^\d([.,]\d+)?E\+?\d{2}$/i.test(value))
  return {
    index,
    note:
      rounded === undefined
        ? null
        : `"${columns[index]}" holds numbers that a spreadsheet has rounded (such as ${rounded}): several people may have become one.`,
  }
}

/** A column of words for training, development and test. */
export function guessFold({ columns, contents, open }: Table): number | null {
  const isFold = ({ values, distinct }: ColumnContent) =>
    distinct >= 2 && values.every((value) => foldOf(value) !== null)
  return open.find((index) => nameScore('fold', columns[index]!) > 0 && isFold(contents[index]!)) ?? null
}

/** The columns of a survey of which each row is an answer: informants and questions come again. */
export function guessLong(table: Table, author: number | null): { question: number; response: number } | null {
  const returns = ({ distinct, values }: ColumnContent) => distinct <= values.length / 2
  if (author === null || !returns(table.contents[author]!)) return null
  const question = bestNamed(table, 'question', (content) => (content.distinct >= 2 && returns(content) ? 1 : 0))
  if (question === null) return null
  const rest = { ...table, open: table.open.filter((index) => index !== question) }
  const response = bestNamed(rest, 'response', (content) => (content.meanWords <= 6 ? 1 : 0))
  return response === null ? null : { question, response }
}

const isFullText = (name: string) => /(^|[._])full_?text$/i.test(name)

/** The text: by its name, and by how many of its values are prose; prose without a telling name where no name tells. */
export function guessText({ columns, contents, open }: Table): Guess {
  const found = open
    .map((index) => {
      const content = contents[index]!
      const name = nameScore('text', columns[index]!)
      const prose = content.values.length === 0 ? 0.7 : content.objects > 0.5 ? 0 : content.prose
      const likely =
        name > 0
          ? name
          : (content.meanWords >= 3 || content.unspaced > 0.5) && content.distinct > content.values.length / 2
            ? 0.3
            : 0
      return { index, name, score: likely * (0.3 + 0.7 * prose) }
    })
    .filter(({ name, score }) => name > 0.35 || score > 0.15)
    .sort((a, b) => b.score - a.score || a.index - b.index)
  const [best, next] = found
  // Tweets have "text", cut off, beside "full_text".
  const full =
    best &&
    found.find(({ index }) => isFullText(columns[index]!) && contents[index]!.filled >= contents[best.index]!.filled)
  const first = full ?? best
  const second = full ? undefined : next
  // Many columns of prose are the answers of a survey.
  if (!first || (first.name === 0 && found.filter(({ name }) => name === 0).length > 2))
    return { index: null, note: null }
  const taken = columns[first.index]!
  if (first.name === 0 && !isRemarks(taken))
    return {
      index: first.index,
      note: `No column is called text: "${taken}" is taken, which holds sentences. Name another by columns.text.`,
    }
  const isRival = second !== undefined && second.name > 0 && second.score > first.score - 0.1
  return {
    index: first.index,
    note: isRival
      ? `"${columns[second.index]}" could be the text as well; "${taken}" is taken. Name another by columns.text.`
      : null,
  }
}
