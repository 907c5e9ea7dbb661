import { wrongContainer } from '../container/signatures.ts'
import type { TextFile } from '../container/textFile.ts'
import { parseObject, type JsonObject } from './json/parseJson.ts'

const records = 'With pandas: table.to_json(FILE, orient="records", lines=True, force_ascii=False).'

/** Texts that hold a table in a form that is not read, and would pass for a bad table: how they begin, and what to do. */
const otherForms: { begins: RegExp; refused: string }[] = [
  {
    begins:
      /^(\s|--[^\n]*\n|\/\*[^]*?\*\/;?)*(INSERT\s+INTO|CREATE\s+(TABLE|DATABASE)|DROP\s+TABLE|BEGIN TRANSACTION|PRAGMA)\b/i,
    refused: 'an SQL script. Load it into its database and export the table as CSV.',
  },
  {
    begins: /^\s*structure\(list\(/,
    refused: 'an R object as text (dput). In R: write.csv(dget(FILE), "table.csv", fileEncoding = "UTF-8")',
  },
  {
    begins: /^\s*\[?\s*\{\s*'/,
    refused: 'Python, not JSON: its strings stand in single quotes. Write it with json.dumps, an object a line.',
  },
  {
    begins: /^(\s|%[^\n]*\n)*@relation\b/i,
    refused: 'an ARFF file of Weka. Save it as CSV (in Weka: Explorer, Save).',
  },
  {
    begins: /^(---\s*\n)?(\s*#[^\n]*\n)*-\s+["']?\w+["']?:\s[^]*?\n\s+["']?\w+["']?:\s/,
    refused: 'YAML. Write it as JSON: one object a line, or a list of objects.',
  },
  {
    begins: /^(#[^\n]*\n)+1(-\d+)?\t([^\t\n]*\t){8}[^\t\n]*\n/,
    refused: 'CoNLL-U, a word a line without coordinates. Write a table with a row a text: latitude, longitude, text.',
  },
  {
    begins: /^\+-[-+]+\+\r?\n\|/,
    refused: 'a table as a database prints it on the screen. Export it as CSV or with tabs (mysql --batch).',
  },
  { begins: /^\{\s*"type"\s*:\s*"Topology"/, refused: 'TopoJSON. Convert it to GeoJSON (topo2geo, or mapshaper).' },
  {
    begins: /^\[(\s*\[|[^\n]*\]\r?\n\[)/,
    refused: `a JSON list of lists, whose values have no names. Expected objects. ${records}`,
  },
  { begins: /^\{\s*"[^"]+"\s*:\s*\{\s*"0"\s*:/, refused: `a JSON table written column by column. ${records}` },
]

/**
 * Refuses texts that would be taken for a table, and are none.
 * @throws EngineError 'import/wrong-container' with what the text is and how to turn it into a table
 */
export function refuseOtherForms(path: string, { head, isWhole }: TextFile): void {
  const start = head.bytes.toString('utf8', 0, 1 << 14).trimStart()
  const found = otherForms.find(({ begins }) => begins.test(start))
  if (found) throw wrongContainer(path, found.refused)
  const only = isWhole && start.startsWith('{') ? parseObject(head.bytes.toString()) : null
  if (only && isTableByColumns(only)) throw wrongContainer(path, `a JSON table written as one object. ${records}`)
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What pandas and R write where no rows are asked for: columns as lists or by row, rows by name, or names and data apart. */
function isTableByColumns(object: JsonObject): boolean {
  const values = Object.values(object)
  const [first] = values
  if (Array.isArray(object['columns']) && Array.isArray(object['data'])) return Array.isArray(object['data'][0])
  if (values.length < 2) return false
  if (Array.isArray(first) && first.length > 1 && !isObject(first[0]))
    return values.every((list) => Array.isArray(list) && list.length === first.length)
  if (!isObject(first)) return false
  const keys = Object.keys(first).join()
  return keys.includes(',') && values.every((value) => isObject(value) && Object.keys(value).join() === keys)
}
