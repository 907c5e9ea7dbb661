import { longestField, parseDegrees } from './degrees.ts'

export type Axis = 'lat' | 'lon'

/** An angle as a person wrote it, in degrees; a letter for the hemisphere says which axis it is on. */
export interface Angle {
  degrees: number
  axis: Axis | null
}

interface Hemisphere {
  axis: Axis
  sign: 1 | -1
}

const north: Hemisphere = { axis: 'lat', sign: 1 }
const south: Hemisphere = { axis: 'lat', sign: -1 }
const east: Hemisphere = { axis: 'lon', sign: 1 }
const west: Hemisphere = { axis: 'lon', sign: -1 }

/** Letters and words for hemispheres in the languages of atlases. "O" is Ost in German, oeste, ouest or ovest elsewhere. */
const hemispheres: [RegExp, Hemisphere][] = [
  [/^(n|north|nord|norte|noord|nb|nbr|с|сш|севернаяширота)$/, north],
  [/^(s|south|sud|süd|sued|sur|sul|zuid|sb|sbr|ю|юш|южнаяширота)$/, south],
  [/^(e|east|est|este|leste|ost|oost|öl|oel|ol|в|вд|восточнаядолгота)$/, east],
  [/^(w|west|ouest|oeste|ovest|wl|з|зд|западнаядолгота)$/, west],
]

function hemisphereOf(word: string, oIsWest: boolean): Hemisphere | null {
  const plain = word.toLowerCase().replace(/[.\s]/g, '')
  if (plain === 'o') return oIsWest ? west : east
  return hemispheres.find(([pattern]) => pattern.test(plain))?.[1] ?? null
}

/** Marks of direction that spreadsheets of right-to-left scripts put round numbers. */
const directions = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g

/** Digits of all scripts as ASCII: full width, Arabic, Persian, Devanagari; and their decimal signs. */
const withAsciiDigits = (text: string) =>
  text
    .replace(directions, '')
    .replace(/[\u066b\uff0e]/g, '.')
    .replace(/(?![0-9])\p{Nd}/gu, (digit) => String(valueOf(digit)))

/** The digits of a script follow each other from zero on. */
function valueOf(digit: string): number {
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(digit.codePointAt(0)! - value - 1))) value++
  return value
}

const label = /^(latitude|lat|longitude|long|lng|lon|breite|länge)\s*[.:=]*\s*/i
const letters = String.raw`\p{L}[\p{L}.]*(?:\s\p{L}[\p{L}.]*)?`
const leading = new RegExp(`^(${letters})\\s*(?=[-+\\d.])`, 'u')
const trailing = new RegExp(`(?<=[\\d.,°º˚'’′´"”″\\s])\\s*(${letters})$`, 'u')
const afterUnit = /(?<=\d[dms])\s*([NSEWO])$/
/** An "s" behind minutes is a unit, no south. */
const endsInSeconds = /\dm\s*[\d.,]+\s*s$/i
const number = String.raw`(\d+(?:[.,]\d+)?)`
const degreeSign = String.raw`\s*(?:°|º|˚|deg(?:rees)?\.?|d|grad|:|\s|-|_)\s*`
const minuteSign = String.raw`\s*(?:'(?!')|’(?!’)|‘|′(?!′)|´(?!´)|min\.?|m|:|\s|-|_)\s*`
const secondSign = String.raw`\s*(?:"|”|“|″|¨|''|’’|′′|´´|sec\.?|s)?`
const sexagesimal = new RegExp(
  `^([-+]?)(\\d{1,3})${degreeSign}${number}(?:(?:${minuteSign})${number}${secondSign}|\\s*(?:'|’|‘|′|´|min\\.?|m)?)$`,
  'i',
)
const plain = /^([-+]?(?:\d+(?:[.,]\d+)?|[.,]\d+))\s*(?:°|º|˚|deg(?:rees)?\.?)?$/i
/** ISO 6709 and UN/LOCODE: degrees, minutes and perhaps seconds without anything between them. */
const packed = /^(\d{2,3})(\d{2})(\d{2}(?:\.\d+)?)?$/

/**
 * An angle in any of the notations that field notes, GPS devices, gazetteers and spreadsheets use: decimal degrees with a
 * point or a comma, degrees with minutes and seconds, letters or words for the hemisphere before or behind, minus signs of
 * all kinds, Excel's apostrophe. Null for all else, and where minutes or seconds are not under 60 or a sign contradicts the
 * hemisphere.
 * @param oIsWest whether the letter O stands for west (oeste, ouest, ovest) instead of Ost
 */
export function parseAngle(field: string, oIsWest = false): Angle | null {
  if (field.length > longestField) return null
  const simple = parseDegrees(field)
  if (simple !== null) return { degrees: simple, axis: null }
  if (field.length > 60) return null
  const ascii = withAsciiDigits(field)
  if (ascii !== field) {
    const number = parseDegrees(ascii)
    if (number !== null) return { degrees: number, axis: null }
  }
  let text = ascii
    .replace(/[−–—‒﹣－]/g, '-')
    .replace(/[\s\u00a0\u2007\u2009\u202f]+/g, ' ')
    .trim()
  // Excel's mark of a cell that is text, and quotes round the whole.
  text = text
    .replace(/^['‘’`](?=[\s\p{L}\d+-])/u, '')
    .replace(/^"([^"]*)"$/, '$1')
    .trim()
  text = text.replace(label, '')
  const named = hemisphereAt(text, oIsWest)
  const hemisphere = named?.hemisphere ?? null
  if (named) text = named.text
  const size = magnitude(text, hemisphere !== null)
  if (size === null) return null
  if (!hemisphere) return { degrees: size, axis: null }
  const negative = size < 0 || Object.is(size, -0)
  if (negative && hemisphere.sign > 0) return null
  return { degrees: hemisphere.sign * Math.abs(size), axis: hemisphere.axis }
}

function hemisphereAt(text: string, oIsWest: boolean): { hemisphere: Hemisphere; text: string } | null {
  for (const pattern of endsInSeconds.test(text) ? [leading] : [trailing, afterUnit, leading]) {
    const found = pattern.exec(text)
    const hemisphere = found && hemisphereOf(found[1]!, oIsWest)
    if (hemisphere) return { hemisphere, text: text.replace(pattern, '').trim() }
  }
  return null
}

function magnitude(text: string, withLetter: boolean): number | null {
  const decimal = plain.exec(text)
  const digits = withLetter ? packed.exec(text) : null
  if (decimal && !digits) return Number(decimal[1]!.replace(',', '.'))
  const [sign, degrees, minutes, seconds] = digits
    ? ['', digits[1], digits[2], digits[3]]
    : (sexagesimal.exec(text)?.slice(1) ?? [])
  if (degrees === undefined || minutes === undefined) return null
  const [m, s] = [minutes, seconds ?? '0'].map((part) => Number(part.replace(',', '.'))) as [number, number]
  // Minutes with a fraction and seconds beside them were never written by one person.
  if (m >= 60 || s >= 60 || (seconds !== undefined && !Number.isInteger(m))) return null
  const size = Number(degrees) + m / 60 + s / 3600
  return sign === '-' ? -size : size
}

/** The letter for east or west that stands at an end of a field, in lower case; null where there is none. */
export const longitudeLetter = (field: string): string | null =>
  /^([eow])\b|(?<![a-z])([eow])[.\s]*$/i.exec(field.trim())?.slice(1).find(Boolean)?.toLowerCase() ?? null
