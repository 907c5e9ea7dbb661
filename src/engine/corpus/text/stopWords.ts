import * as lists from 'stopword'
import { EngineError } from '#protocol/errors.ts'

const byCode = lists as Record<string, unknown>
/** ISO 639-1 codes as people write them -> the names that the `stopword` package gives its lists (ISO 639-3). */
const codes = Object.entries(byCode).flatMap(([name, list]) =>
  /^[a-z]{3}$/.test(name) && Array.isArray(list) ? [name] : [],
)
const long: Record<string, string> = {
  af: 'afr',
  ar: 'ara',
  bn: 'ben',
  br: 'por',
  ca: 'cat',
  cs: 'ces',
  da: 'dan',
  de: 'deu',
  el: 'ell',
  en: 'eng',
  eo: 'epo',
  es: 'spa',
  et: 'est',
  eu: 'eus',
  fa: 'fas',
  fi: 'fin',
  fr: 'fra',
  ga: 'gle',
  gl: 'glg',
  gu: 'guj',
  ha: 'hau',
  he: 'heb',
  hi: 'hin',
  hr: 'hrv',
  hu: 'hun',
  hy: 'hye',
  id: 'ind',
  it: 'ita',
  ja: 'jpn',
  ko: 'kor',
  la: 'lat',
  lt: 'lit',
  lv: 'lav',
  mr: 'mar',
  ms: 'msa',
  nl: 'nld',
  no: 'nob',
  pl: 'pol',
  pt: 'por',
  ro: 'ron',
  ru: 'rus',
  sk: 'slk',
  sl: 'slv',
  so: 'som',
  st: 'sot',
  sv: 'swe',
  sw: 'swa',
  th: 'tha',
  tl: 'tgl',
  tr: 'tur',
  uk: 'ukr',
  ur: 'urd',
  vi: 'vie',
  yo: 'yor',
  zh: 'zho',
  zu: 'zul',
}

/**
 * The stop words of a language, lower case (npm `stopword`), for a two- or three-letter code; `none` has none.
 * @throws EngineError 'preprocess/unknown-language' that names the languages there are
 */
export function stopWordsOf(language: string): ReadonlySet<string> {
  if (language === 'none') return new Set()
  const code = long[language] ?? language
  if (!codes.includes(code)) {
    throw new EngineError(
      'preprocess/unknown-language',
      `There is no list of stop words for "${language}". Use none, or one of: ${Object.keys(long)
        .filter((key) => codes.includes(long[key]!))
        .join(', ')}.`,
      { language },
    )
  }
  return new Set((byCode[code] as string[]).map((word) => word.toLowerCase()))
}
