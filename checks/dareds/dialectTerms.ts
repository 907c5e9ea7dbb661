import { readFile } from 'node:fs/promises'

/** Dialect terms by the state that a dictionary gives them to, as GeoNames writes states: two letters. */
export interface DialectTerms {
  /** Lower case, one word each. */
  ofState: Map<string, Set<string>>
  /** Terms of regions that are no state, and of several words: neither is asked about. */
  leftOut: { regions: number; phrases: number }
}

/**
 * Reads terms as DAREDS has them (Rahimi, Cohn and Baldwin 2017, from the Dictionary of American Regional English): JSON lines with
 * `dialect`, the name of a state or region, and `word`.
 * @throws Error that names the first line that is none
 */
export async function readDialectTerms(file: string): Promise<DialectTerms> {
  const ofState = new Map<string, Set<string>>()
  const leftOut = { regions: 0, phrases: 0 }
  const lines = (await readFile(file, 'utf8')).split('\n')
  lines.forEach((line, i) => {
    if (line.trim() === '') return
    const { dialect, word } = termOf(line, `${file}, line ${i + 1}`)
    const state = stateOf[dialect.toLowerCase()]
    if (state === undefined) leftOut.regions++
    else if (/\s/.test(word)) leftOut.phrases++
    else ofState.set(state, (ofState.get(state) ?? new Set()).add(word.toLowerCase()))
  })
  return { ofState, leftOut }
}

function termOf(line: string, where: string): { dialect: string; word: string } {
  let found: unknown
  try {
    found = JSON.parse(line)
  } catch {
    throw new Error(`${where} is not JSON; expected {"dialect": "maine", "word": "gorming"}.`)
  }
  const { dialect, word } = (found ?? {}) as { dialect?: unknown; word?: unknown }
  if (typeof dialect !== 'string' || typeof word !== 'string')
    throw new Error(
      `${where} has no "dialect" and "word" that are texts; expected {"dialect": "maine", "word": "gorming"}.`,
    )
  return { dialect, word }
}

const states =
  'AL alabama,AK alaska,AZ arizona,AR arkansas,CA california,CO colorado,CT connecticut,DE delaware,FL florida,GA georgia,HI hawaii,ID idaho,IL illinois,IN indiana,IA iowa,KS kansas,KY kentucky,LA louisiana,ME maine,MD maryland,MA massachusetts,MI michigan,MN minnesota,MS mississippi,MO missouri,MT montana,NE nebraska,NV nevada,NH new hampshire,NJ new jersey,NM new mexico,NY new york,NC north carolina,ND north dakota,OH ohio,OK oklahoma,OR oregon,PA pennsylvania,RI rhode island,SC south carolina,SD south dakota,TN tennessee,TX texas,UT utah,VT vermont,VA virginia,WA washington,WV west virginia,WI wisconsin,WY wyoming'
const stateOf = Object.fromEntries(states.split(',').map((entry) => [entry.slice(3), entry.slice(0, 2)]))
