/**
 * How many of the first rows of a questionnaire's export repeat the header in other words: Qualtrics writes the questions
 * and {"ImportId": ...} under the names, SurveyMonkey "Response" under each question.
 */
export function headerRows(sample: string[][]): number {
  const importIds = sample
    .slice(0, 4)
    .findIndex((row) => row.some((field) => field.includes('{"ImportId"') || field.includes("{'ImportId'")))
  if (importIds >= 0) return importIds + 1
  const first = sample[0]?.map((field) => field.trim()).filter((field) => field !== '') ?? []
  return first.length > 0 &&
    first.every((field) => /^(open-ended response|response|other \(please specify\)|point)$/i.test(field))
    ? 1
    : 0
}
