import { EngineError } from '#protocol/errors.ts'

/** How a file begins that is packed or binary; what cannot be read has words for what it is and what to do. */
interface Signature {
  kind: string
  bytes: string | RegExp
  at?: number
  refused?: string
}

const saveAsTable = 'Save the table as CSV (UTF-8), .xlsx or Parquet and import that.'
const unpack = 'Unpack it and import the table inside.'

/** Bytes as Latin-1. */
const signatures: Signature[] = [
  { kind: 'gzip', bytes: '\x1f\x8b' },
  { kind: 'zip', bytes: /^PK(\x03\x04|\x05\x06)/ },
  { kind: 'zstd', bytes: '\x28\xb5\x2f\xfd' },
  { kind: 'parquet', bytes: 'PAR1' },
  { kind: 'xz', bytes: '\xfd7zXZ\0', refused: `an xz archive. ${unpack}` },
  { kind: 'bzip2', bytes: /^BZh[1-9]1AY/, refused: `a bzip2 archive. ${unpack}` },
  { kind: '7z', bytes: "7z\xbc\xaf'\x1c", refused: `a 7z archive. ${unpack}` },
  { kind: 'rar', bytes: 'Rar!\x1a', refused: `a RAR archive. ${unpack}` },
  { kind: 'lz4', bytes: '\x04\x22\x4d\x18', refused: `an lz4 archive. ${unpack}` },
  { kind: 'tar', bytes: 'ustar', at: 257, refused: `a tar archive. ${unpack}` },
  {
    kind: 'sqlite',
    bytes: 'SQLite format 3\0',
    refused: `an SQLite database. Export the table as CSV: sqlite3 -header -csv FILE "select * from TABLE" > table.csv`,
  },
  { kind: 'pdf', bytes: '%PDF', refused: `a PDF document. Expected the table that it was made from, as CSV or .xlsx.` },
  {
    kind: 'xls',
    bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    refused: `an old Office file (.xls or .doc). Save the sheet as .xlsx or as CSV (UTF-8).`,
  },
  { kind: 'spss', bytes: /^\$FL[23]/, refused: `an SPSS file. ${saveAsTable}` },
  { kind: 'spss', bytes: /^[^]{0,200}SPSS PORT FILE/, refused: `an SPSS portable file. ${saveAsTable}` },
  { kind: 'stata', bytes: /^(<stata_dta>|[\x68-\x73][\x01\x02]\x01\0)/, refused: `a Stata file. ${saveAsTable}` },
  { kind: 'sas', bytes: '\xc2\xea\x81\x60\xb3\x14\x11\xcf', at: 12, refused: `a SAS file. ${saveAsTable}` },
  {
    kind: 'dbase',
    bytes: /^[\x03\x83\x8b\xf5][^][\x01-\x0c][\x01-\x1f]/,
    refused: `a dBASE table (.dbf, as shapefiles have). ${saveAsTable}`,
  },
  {
    kind: 'shape',
    bytes: '\0\0\x27\x0a',
    refused: `a shapefile. Save it as GeoJSON (in QGIS: Export, Save Features As).`,
  },
  {
    kind: 'rds',
    bytes: /^(RD[AX][23]\n)?X\n\0\0\0[\x02\x03]/,
    refused: `an R data file. In R: write.csv(readRDS(FILE), "table.csv", fileEncoding = "UTF-8")`,
  },
  { kind: 'arrow', bytes: /^(ARROW1|FEA1)/, refused: `an Arrow or Feather file. Write it as Parquet.` },
  { kind: 'orc', bytes: /^ORC[\x0a\x08\x11]/, refused: `an ORC file. Write it as Parquet.` },
  { kind: 'avro', bytes: 'Obj\x01', refused: `an Avro file. Write it as Parquet.` },
  { kind: 'hdf5', bytes: '\x89HDF', refused: `an HDF5 file. ${saveAsTable}` },
  { kind: 'numpy', bytes: '\x93NUMPY', refused: `a NumPy array. ${saveAsTable}` },
  { kind: 'pickle', bytes: /^\x80[\x02-\x05][\x95}\]c]/, refused: `a Python pickle. ${saveAsTable}` },
  {
    kind: 'image',
    bytes: /^(\x89PNG|\xff\xd8\xff|GIF8)/,
    refused: `a picture. Expected a table of texts with coordinates.`,
  },
  { kind: 'rtf', bytes: '{\\rtf', refused: `an RTF document. Save it as plain text (UTF-8).` },
  {
    kind: 'lfs',
    bytes: 'version https://git-lfs',
    refused: `a pointer of Git LFS, not the file itself. Fetch it: git lfs pull`,
  },
  {
    kind: 'html',
    bytes: /^(\xef\xbb\xbf)?\s*<(!doctype html|html|head)\b/i,
    refused: `a web page (HTML), perhaps an error page in place of a download. Expected a table, JSON Lines or Parquet.`,
  },
  {
    kind: 'xml',
    bytes: /^(\xef\xbb\xbf)?\s*<(\?xml\b|[a-z][\w:.-]*(\s[^<>]*)?\sxmlns[:=])/i,
    refused: `XML (KML, TEI, ...), which is not read. Convert it to a table with latitude, longitude and text.`,
  },
  { kind: 'utf-32', bytes: /^(\xff\xfe\0\0|\0\0\xfe\xff)/, refused: `text in UTF-32. Save it as UTF-8.` },
]

/** As many bytes as a signature looks at. */
export const signatureBytes = 512

/** What a file's first bytes say that it is; null for text, or for what has no signature. */
export function signatureOf(head: Buffer): { kind: string; refused?: string } | null {
  const text = head.toString('latin1', 0, signatureBytes)
  return (
    signatures.find(({ bytes, at = 0 }) =>
      typeof bytes === 'string' ? text.startsWith(bytes, at) : bytes.test(text),
    ) ?? null
  )
}

/** @throws EngineError 'import/wrong-container' where the bytes are of a kind that is not read */
export function refuseKnownBinary(path: string, head: Buffer, inside = ''): void {
  const found = signatureOf(head)
  if (found?.refused) throw wrongContainer(path, `${inside}${found.refused}`)
}

export const wrongContainer = (path: string, what: string) =>
  new EngineError('import/wrong-container', `${path} is ${what}`, { path })
