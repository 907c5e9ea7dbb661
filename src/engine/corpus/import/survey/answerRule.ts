/** How the cells of one question are read. */
export interface AnswerRule {
  /** Values that stand for "no answer". */
  missing: Set<string>
  /** What parts several answers in one cell. */
  separator: string | null
  /** The question holds nothing but 0 and 1 in the sample, so that 0 is an answer. */
  isYesNo: boolean
  /** Whether 0 is an answer. */
  zeroIsAnswer: boolean
}

export interface AnswerWishes {
  /** Values that stand for "no answer"; undefined: guessed. */
  missing?: readonly (string | number | boolean)[] | undefined
  /** 'none': a cell is one answer; undefined: guessed. */
  separator?: string | undefined
  /** The question's values are numbers, no codes. */
  isNumeric?: boolean
}

/** Words for "no answer" as programs and people write them, in lower case. */
const missingWords = new Set(
  'na,n/a,n.a.,#n/a,#na,#null!,#value!,#name?,#ref!,#div/0!,#num!,nan,null,none,nil,missing,no answer,no response,not answered,unanswered,-,--,.,?,k.a.,k. a.,ka,keine angabe,keine antwort,s/r,ns/nc,sin respuesta,sans réponse,nessuna risposta,geen antwoord,нет ответа,<na>,\\n'.split(
    ',',
  ),
)
/** Codes that surveys use for "no answer", "not asked" or "does not apply". */
const missingCodes = [
  '-1',
  '-2',
  '-3',
  '-4',
  '-5',
  '-6',
  '-7',
  '-8',
  '-9',
  '-66',
  '-77',
  '-88',
  '-97',
  '-98',
  '-99',
  '-666',
  '-777',
  '-888',
  '-999',
  '-9999',
]
/** The same above zero, and what the other codes have to be below. */
const highCodes: [string, number][] = [
  ['99', 90],
  ['999', 900],
  ['9999', 9000],
]
const separators = [' / ', ';', '|', ',']

/** Words for "no answer" and an empty cell stand for it in every question. */
export const isMissingWord = (value: string) => value === '' || missingWords.has(value.toLowerCase())

/** 1.0 and 1 are one answer: a program that knows no whole numbers beside gaps writes the former. */
export const plainAnswer = (value: string) => (/^-?\d+\.0+$/.test(value) ? value.slice(0, value.indexOf('.')) : value)

/** The rule of a question, from a sample of its values. */
export function answerRule(sample: string[], { missing, separator, isNumeric = false }: AnswerWishes = {}): AnswerRule {
  const values = [...new Set(sample.map((value) => plainAnswer(value.trim())))].filter((value) => !isMissingWord(value))
  if (missing !== undefined) {
    const named = new Set(missing.map((value) => plainAnswer(String(value).trim())))
    const rest = values.filter((value) => !named.has(value))
    return {
      missing: named,
      separator: separatorOf(rest, separator),
      isYesNo: false,
      zeroIsAnswer: !named.has('0') && (isNumeric || areZeroAndOne(rest)),
    }
  }
  const separated = isNumeric ? null : separatorOf(values, separator)
  if (isNumeric) return { missing: new Set(), separator: null, isYesNo: false, zeroIsAnswer: true }
  const codes = values.filter((value) => /^-?\d+$/.test(value))
  const isCoded = codes.length > 0.8 * values.length || values.length === 0
  const found = new Set<string>()
  if (isCoded) {
    missingCodes.forEach((code) => found.add(code))
    const usual = codes.map(Number).filter((code) => code >= 0 && !highCodes.some(([high]) => Number(high) === code))
    for (const [code, below] of highCodes) if (Math.max(0, ...usual) < below) found.add(code)
  } else for (const code of missingCodes) if (code.length > 2) found.add(code)
  const isYesNo = areZeroAndOne(values.filter((value) => !found.has(value)))
  return { missing: found, separator: separated, isYesNo, zeroIsAnswer: isYesNo }
}

const areZeroAndOne = (values: string[]) => values.length === 2 && values.includes('0') && values.includes('1')

/** What stands between several answers of a cell: a sign most of whose cells have only parts that other cells have too, some of them alone. */
function separatorOf(values: string[], wanted: string | undefined): string | null {
  if (wanted !== undefined) return wanted === 'none' ? null : wanted
  const known = new Set(values)
  for (const separator of separators) {
    const several = values.filter((value) => value.includes(separator)).map((value) => partsOf(value, separator))
    // Tables of dialectometry have the answers of several informants in a cell, and no two may be transcribed alike.
    if (separator === ' / ' && several.length >= 3 && several.length > 0.3 * values.length) return separator
    const cells = new Map<string, number>()
    for (const part of several.flat()) cells.set(part, (cells.get(part) ?? 0) + 1)
    const whole = several.filter(
      (parts) =>
        parts.some((part) => known.has(part)) && parts.every((part) => known.has(part) || cells.get(part)! > 1),
    )
    if (whole.length > 0 && whole.length >= (2 / 3) * several.length) return separator
  }
  return null
}

/** The answers of a cell; empty parts are none. */
export const partsOf = (value: string, separator: string | null): string[] =>
  separator === null
    ? [value]
    : [
        ...new Set(
          value
            .split(separator)
            .map((part) => part.trim())
            .filter((part) => part !== ''),
        ),
      ]
