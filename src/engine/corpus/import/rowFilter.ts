import { EngineError } from '#protocol/errors.ts'
import type { CorpusFilter } from '#protocol/experiment.ts'
import type { RowFields } from './form/rowFields.ts'

/**
 * Whether a row passes all conditions of a filter: a column equals a value or one of several (numbers by value, so that
 * 1 is 1.0), or lies between a minimum and a maximum, both included; what is no number lies nowhere.
 * @returns null where there is nothing to filter by
 * @throws EngineError 'import/column-missing' that names the columns found
 */
export function rowFilter(
  filter: CorpusFilter | undefined,
  columns: string[],
): ((fields: RowFields) => boolean) | null {
  const conditions = Object.entries(filter ?? {}).map(([name, condition]) => {
    const index = columns.indexOf(name)
    if (index < 0) {
      const found = columns.length
        ? `${columns.slice(0, 30).join(', ')}${columns.length > 30 ? ', ...' : ''}`
        : 'no columns'
      throw new EngineError(
        'import/column-missing',
        `No "${name}" column to filter by; found ${found}. Choose one of these in corpus.filter.`,
        { wanted: name, found: columns },
      )
    }
    return { index, passes: conditionOf(condition) }
  })
  return conditions.length === 0
    ? null
    : (fields) => conditions.every(({ index, passes }) => passes(fields.text(index).trim()))
}

function conditionOf(condition: CorpusFilter[string]): (field: string) => boolean {
  if (typeof condition === 'object' && !Array.isArray(condition)) {
    const { min = -Infinity, max = Infinity } = condition
    return (field) => {
      const value = field === '' ? NaN : Number(field)
      return value >= min && value <= max
    }
  }
  const wanted = [condition].flat()
  const texts = new Set(wanted.map(String))
  const numbers = new Set(wanted.filter((value) => typeof value === 'number'))
  return (field) => texts.has(field) || (numbers.size > 0 && field !== '' && numbers.has(Number(field)))
}
