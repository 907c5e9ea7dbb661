import { isTyped } from '../form/table/cells.ts'
import { columnNames } from '../form/table/columnNames.ts'

/** What stands under a question that has one field to fill in: it names nothing. */
const isWholeAnswer = (label: string) => /^(open-ended response|response)$/i.test(label)
const isUnnamed = (name: string | undefined) => /^column \d+$/.test(name ?? '')

/**
 * Names of columns where the first row goes on with the header: SurveyMonkey, and spreadsheets with merged cells, write a
 * question over several columns and their choices in the row below. "What is it? [soda]" is the choice's column.
 * @returns null where the first row is a row
 */
export function secondHeader(columns: string[], sample: string[][]): string[] | null {
  const [labels, ...rows] = sample.map((row) => row.map((cell) => cell.trim()))
  if (!labels || rows.length === 0 || labels.some(isTyped)) return null
  if (!columns.some((name, index) => isUnnamed(name) && labels[index] !== '')) return null
  const isTypedColumn = (index: number) => {
    const filled = rows.map((row) => row[index] ?? '').filter((cell) => cell !== '')
    return filled.length > 0 && filled.filter(isTyped).length >= 0.9 * filled.length
  }
  if (!columns.some((_, index) => isTypedColumn(index))) return null
  let question = ''
  const names = columns.map((name, index) => {
    if (!isUnnamed(name)) question = name
    const label = labels[index] ?? ''
    if (label === '' || isWholeAnswer(label)) return isUnnamed(name) ? '' : name
    return question === '' ? label : `${question} [${label}]`
  })
  return columnNames(names).columns
}
