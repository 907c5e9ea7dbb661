import type { RowFields } from './form/rowFields.ts'

/** Turns a survey's answers into tokens `column=value`; white space in values becomes "_". */
export function answerTokens(columns: string[], answers: number[]) {
  const names = answers.map((index) => columns[index]!.trim().replace(/\s+/g, '_'))
  let sawZero = false
  return {
    textOf(fields: RowFields): string {
      const tokens: string[] = []
      answers.forEach((index, i) => {
        const value = fields.text(index).trim()
        // Multiple-choice codes begin at 1; surveys write 0 (or nothing, or NA) for a question without an answer.
        if (value === '0') sawZero = true
        else if (value !== '' && value !== 'NA') tokens.push(`${names[i]}=${value.replace(/\s+/g, '_')}`)
      })
      return tokens.join(' ')
    },
    zeroIsNoAnswer: () => sawZero,
  }
}
