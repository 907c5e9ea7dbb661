import { wildcardMatcher } from '#engine/files/wildcard.ts'
import type { ColumnContent } from './columnContent.ts'
import { isDemographic, isParadata, isRemarks } from './questionnaireColumns.ts'

/** At least this many questions make a table a survey. */
const fewestQuestions = 5
/** Questions of a further prefix (A1, A2, ... beside B1, B2, ...). */
const fewestOfPrefix = 3
/** Answers of more words than this are remarks. */
const mostWords = 6

export interface Answers {
  columns: number[]
  /** Patterns that name them. */
  patterns: string | string[]
  /** Columns that the pattern names and that are no answers. */
  leftOut: number[]
  /** They have numbers: Q1, Q2, ... */
  numbered: boolean
}

/**
 * The columns that patterns name, without those that are something else (coordinates, author, fold) and those that say when
 * and how a questionnaire was answered, unless a pattern names one in full.
 */
export function namedAnswers(
  columns: string[],
  contents: ColumnContent[],
  patterns: string | string[],
  used: Set<number>,
): Answers {
  const list = [patterns].flat()
  const matchers = list.map(wildcardMatcher)
  const found = columns.flatMap((name, index) => (matchers.some((matches) => matches(name)) ? [index] : []))
  const isAnswer = (index: number) =>
    !used.has(index) && (list.includes(columns[index]!) || !isParadata(columns[index]!, contents[index]!))
  return {
    columns: found.filter(isAnswer),
    leftOut: found.filter((index) => !isAnswer(index)),
    patterns,
    numbered: false,
  }
}

/** Columns that look like answers: numbered questions of one prefix, else short values that return. Null where the table is no survey. */
export function guessedAnswers(columns: string[], contents: ColumnContent[], used: Set<number>): Answers | null {
  const open = [...columns.keys()].filter((index) => !used.has(index) && !isParadata(columns[index]!, contents[index]!))
  const numbered = numberedQuestions(columns, open)
  if (numbered) {
    const remarks = numbered.filter((index) => !isShort(contents[index]!) || isRemarks(columns[index]!))
    const chosen = numbered.filter((index) => !remarks.includes(index))
    if (chosen.length >= fewestQuestions)
      return { columns: chosen, leftOut: remarks, patterns: patternsOf(columns, chosen, remarks), numbered: true }
  }
  const short = open.filter((index) => {
    const content = contents[index]!
    const name = columns[index]!
    return (
      content.values.length > 0 && isShort(content) && content.objects < 0.5 && !isRemarks(name) && !isDemographic(name)
    )
  })
  const returning = short.filter((index) => {
    const { answers } = contents[index]!
    return new Set(answers).size < answers.length || answers.length < 5
  })
  if (returning.length < fewestQuestions || returning.length < short.length / 2) return null
  return { columns: short, leftOut: [], patterns: short.map((index) => columns[index]!), numbered: false }
}

function isShort({ answers }: ColumnContent): boolean {
  return answers.reduce((sum, answer) => sum + answer.split(/\s+/).length, 0) <= mostWords * answers.length
}

/** What stands before the first digit of a name, such as "Q" of Q12_3. */
const prefixOf = (name: string) => /^([^\d]+)\d/.exec(name)?.[1] ?? null

function numberedQuestions(columns: string[], open: number[]): number[] | null {
  const groups = new Map<string, number[]>()
  for (const index of open) {
    const prefix = prefixOf(columns[index]!)
    if (prefix) groups.set(prefix, [...(groups.get(prefix) ?? []), index])
  }
  const sizes = [...groups.values()].map(({ length }) => length)
  if (Math.max(0, ...sizes) < fewestQuestions) return null
  return [...groups.values()]
    .filter(({ length }) => length >= fewestOfPrefix)
    .flat()
    .sort((a, b) => a - b)
}

/** Patterns with a star where they name exactly the chosen columns and remarks, else the names themselves. */
function patternsOf(columns: string[], chosen: number[], remarks: number[]): string | string[] {
  const prefixes = [...new Set(chosen.map((index) => prefixOf(columns[index]!)!))]
  const patterns = prefixes.map((prefix) => `${prefix}*`)
  const matchers = patterns.map(wildcardMatcher)
  const all = columns.flatMap((name, index) => (matchers.some((matches) => matches(name)) ? [index] : []))
  if (remarks.length > 0 || all.length !== chosen.length || patterns.some((pattern) => pattern.includes('**')))
    return chosen.map((index) => columns[index]!)
  return patterns.length === 1 ? patterns[0]! : patterns
}
