import { EngineError } from '#protocol/errors.ts'

/** Code pages of DOS, in which programs of the eighties and nineties wrote, and Windows' command window still does. */
export const dosCodePages = [
  'ibm437',
  'ibm737',
  'ibm775',
  'ibm850',
  'ibm852',
  'ibm855',
  'ibm857',
  'ibm858',
  'ibm860',
  'ibm863',
  'ibm865',
] as const
export type DosCodePage = (typeof dosCodePages)[number]

/** What TextDecoder reads in every version of Node and Electron that is supported, as the WHATWG's encoding standard names it, and code pages of DOS. */
export const encodings = [
  ...['utf-8', 'utf-16le', 'utf-16be'],
  ...[
    'windows-1250',
    'windows-1251',
    'windows-1252',
    'windows-1253',
    'windows-1254',
    'windows-1255',
    'windows-1256',
    'windows-1257',
    'windows-1258',
    'windows-874',
  ],
  ...[
    'iso-8859-2',
    'iso-8859-3',
    'iso-8859-4',
    'iso-8859-5',
    'iso-8859-6',
    'iso-8859-7',
    'iso-8859-8',
    'iso-8859-10',
    'iso-8859-13',
    'iso-8859-14',
    'iso-8859-15',
  ],
  ...['koi8-r', 'koi8-u', 'ibm866', 'macintosh', 'x-mac-cyrillic'],
  ...['shift_jis', 'euc-jp', 'iso-2022-jp', 'euc-kr', 'gbk', 'gb18030', 'big5'],
  ...dosCodePages,
] as const
export type Encoding = (typeof encodings)[number]

/** Names that people write and the standard does not know. */
const others: Record<string, Encoding> = {
  'utf-16': 'utf-16le',
  utf16: 'utf-16le',
  'utf8-sig': 'utf-8',
  'utf-8-sig': 'utf-8',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp932: 'shift_jis',
  cp950: 'big5',
  'mac-roman': 'macintosh',
}

/**
 * The encoding that a name or an alias of it (latin1, cp1251, cp850, sjis) means.
 * @throws EngineError 'import/unknown-encoding' that names those that are known
 */
export function encodingNamed(name: string): Encoding {
  const wanted = name.trim().toLowerCase()
  const page = /^(?:ibm|cp|oem|dos)?[-_ ]?(\d{3})$/.exec(wanted)?.[1]
  const canonical =
    others[wanted] ??
    dosCodePages.find((name) => name === `ibm${page}`) ??
    whatwgName(wanted) ??
    whatwgName(wanted.replace(/^(cp|win|windows)[-_ ]?(125\d|874)$/, 'windows-$2'))
  const known = encodings.find((encoding) => encoding === canonical)
  if (known) return known
  throw new EngineError(
    'import/unknown-encoding',
    `No encoding is called "${name}". Known are ${encodings.join(', ')}.`,
    { name },
  )
}

function whatwgName(label: string): string | null {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}
