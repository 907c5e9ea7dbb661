import { open, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, isAbsolute } from 'node:path'
import { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import type { ColumnNames } from '#protocol/experiment.ts'
import { openRowSource } from '../form/openRowSource.ts'
import type { OpenedSource, ReadingOptions } from '../form/reading.ts'
import { allRows, mappedSource } from './mappedSource.ts'

/**
 * Cross-Linguistic Data Formats (Forkel et al. 2018): a JSON file describes tables of forms, languages and parameters by
 * the CSVW standard. A form of a language for a parameter is an answer `parameter=form`.
 */
const dialect = z.object({
  delimiter: z.string().min(1).nullish(),
  quoteChar: z.string().nullish(),
  header: z.boolean().nullish(),
  encoding: z.string().nullish(),
})
const metadata = z.object({
  dialect: dialect.nullish(),
  tables: z.array(
    z.object({
      url: z.string(),
      dialect: dialect.nullish(),
      'dc:conformsTo': z.string().nullish(),
      tableSchema: z
        .object({ columns: z.array(z.object({ name: z.string().nullish(), propertyUrl: z.string().nullish() })) })
        .nullish(),
    }),
  ),
})
type Table = z.infer<typeof metadata>['tables'][number]

const longestMetadata = 1 << 22

/** Whether a file describes a CLDF dataset. */
export async function isCldf(path: string): Promise<boolean> {
  if (!/\.json$/i.test(path)) return false
  const file = await open(path).catch(() => null)
  if (!file) return false
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0)
    const head = buffer.toString('utf8', 0, bytesRead)
    return head.includes('cldf.clld.org/') && head.includes('/ns/csvw')
  } catch {
    // A folder, say.
    return false
  } finally {
    await file.close()
  }
}

/** The files of a CLDF dataset whose rows an import reads. */
export async function cldfFiles(path: string): Promise<string[]> {
  const tables = await readTables(path)
  const files = (['FormTable', 'ValueTable', 'LanguageTable', 'ParameterTable', 'CodeTable'] as const).flatMap(
    (kind) => fileOf(path, tables, kind) ?? [],
  )
  return Promise.all(files.map(packedOrNot))
}

/**
 * The forms (or values) of a dataset, each with its language's coordinates and further columns and its parameter's name.
 * @throws EngineError 'import/bad-cldf' where a table or column is missing
 */
export async function cldfSource(
  path: string,
  readBytes?: (bytes: number) => void,
): Promise<{ source: OpenedSource; columns: ColumnNames; notes: string[] }> {
  const tables = await readTables(path)
  const kind = find(tables, 'FormTable') ? 'FormTable' : 'ValueTable'
  const forms = await openTable(path, tables, kind, readBytes)
  const languages = await openTable(path, tables, 'LanguageTable')
  const at = (table: typeof forms, term: string, byDefault: string) => {
    const name =
      table.table.tableSchema?.columns.find(({ propertyUrl }) => propertyUrl?.endsWith(`#${term}`))?.name ?? byDefault
    const index = table.source.columns.indexOf(name)
    if (index < 0)
      throw new EngineError(
        'import/bad-cldf',
        `The table ${table.table.url} of ${basename(path)} has no column ${name} (${term}); found ${table.source.columns.slice(0, 30).join(', ')}.`,
      )
    return index
  }
  const [languageId, parameterId] = [
    at(forms, 'languageReference', 'Language_ID'),
    at(forms, 'parameterReference', 'Parameter_ID'),
  ]
  const value = kind === 'FormTable' ? at(forms, 'form', 'Form') : at(forms, 'value', 'Value')
  const [id, lat, lon] = [
    at(languages, 'id', 'ID'),
    at(languages, 'latitude', 'Latitude'),
    at(languages, 'longitude', 'Longitude'),
  ]
  const further = languages.source.columns.map((_, index) => index).filter((index) => ![id, lat, lon].includes(index))
  const languageRows = new Map(
    (await allRows(languages.source)).map((row) => [
      row[id]!,
      [row[lat]!, row[lon]!, ...further.map((index) => row[index]!)],
    ]),
  )
  const names = await parameterNames(path, tables, at)
  const nowhere = ['', '', ...further.map(() => '')]
  const columns = [
    'Language_ID',
    'Parameter',
    kind === 'FormTable' ? 'Form' : 'Value',
    'Latitude',
    'Longitude',
    ...further.map((index) => `Language_${languages.source.columns[index]}`),
  ]
  const source = mappedSource(forms.source, columns, (row) => {
    const language = row[languageId] ?? ''
    const parameter = row[parameterId] ?? ''
    return [language, names.get(parameter) ?? parameter, row[value] ?? '', ...(languageRows.get(language) ?? nowhere)]
  })
  source.reading.file = basename(path)
  source.reading.format = 'cldf'
  const note = `A CLDF dataset: ${forms.table.url}, with the coordinates of ${languages.table.url}${names.size > 0 ? ' and the names of its parameters' : ''}. Each language is one document.`
  return {
    source,
    columns: { lat: 'Latitude', lon: 'Longitude', author: 'Language_ID', question: 'Parameter', response: columns[2] },
    notes: [note],
  }
}

/** Names of parameters by id, where no two are the same. */
async function parameterNames(
  path: string,
  tables: Table[],
  at: (table: Awaited<ReturnType<typeof openTable>>, term: string, byDefault: string) => number,
): Promise<Map<string, string>> {
  if (!find(tables, 'ParameterTable')) return new Map()
  const parameters = await openTable(path, tables, 'ParameterTable')
  const [id, name] = [at(parameters, 'id', 'ID'), at(parameters, 'name', 'Name')]
  const names = new Map((await allRows(parameters.source)).map((row) => [row[id]!, row[name]!.trim()]))
  return new Set(names.values()).size === names.size && ![...names.values()].includes('') ? names : new Map()
}

async function readTables(path: string): Promise<Table[]> {
  if ((await stat(path)).size > longestMetadata)
    throw new EngineError(
      'import/bad-cldf',
      `${path} is longer than ${longestMetadata / (1 << 20)} MiB; expected the metadata of a CLDF dataset.`,
    )
  try {
    const { tables, dialect: usual } = metadata.parse(JSON.parse(await readFile(path, 'utf8')))
    return tables.map((table) => ({ ...table, dialect: table.dialect ?? usual }))
  } catch (cause) {
    throw new EngineError(
      'import/bad-cldf',
      `${path} is no metadata of a CLDF dataset: expected JSON with "tables", each with a "url".`,
      {},
      { cause },
    )
  }
}

const find = (tables: Table[], kind: string) => tables.find((table) => table['dc:conformsTo']?.endsWith(`#${kind}`))

/** Large tables of a dataset are packed, `forms.csv.zip` for `forms.csv`. */
const packedOrNot = (file: string): Promise<string> =>
  stat(file).then(
    () => file,
    () =>
      stat(`${file}.zip`).then(
        () => `${file}.zip`,
        () => file,
      ),
  )

/** @returns null where the dataset has no such table or it lies outside of the dataset's folder */
function fileOf(path: string, tables: Table[], kind: string): string | null {
  const table = find(tables, kind)
  if (!table) return null
  const inside = relative('.', table.url)
  return isAbsolute(inside) || inside.startsWith('..') || /^\w+:/.test(table.url) ? null : join(dirname(path), inside)
}

/** Without a header, a table's columns are those of its schema. */
const withNames = (source: OpenedSource, { tableSchema }: Table): OpenedSource => ({
  ...source,
  columns: source.columns.map((name, index) => tableSchema?.columns[index]?.name ?? name),
})

async function openTable(
  path: string,
  tables: Table[],
  kind: string,
  readBytes?: (bytes: number) => void,
): Promise<{ table: Table; source: OpenedSource }> {
  const file = fileOf(path, tables, kind)
  if (!file)
    throw new EngineError(
      'import/bad-cldf',
      `${basename(path)} describes no ${kind} beside it; found ${tables.map(({ url }) => url).join(', ')}. Expected a dataset with forms or values and languages.`,
    )
  const table = find(tables, kind)!
  const { delimiter, quoteChar, header, encoding } = table.dialect ?? {}
  const options: ReadingOptions = {
    format: 'csv',
    delimiter: delimiter ?? ',',
    header: header ?? true,
    encoding: encoding ?? undefined,
    quote: quoteChar === null ? 'none' : quoteChar,
  }
  const source = await openRowSource(await packedOrNot(file), options, readBytes)
  return { table, source: header === false ? withNames(source, table) : source }
}
