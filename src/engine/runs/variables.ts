import { join } from 'node:path'
import { isMap, isSeq, parseDocument, YAMLParseError, type Document, type YAMLSeq } from 'yaml'
import { EngineError } from '#protocol/errors.ts'
import { variablesFile, type Variable, type Variables } from '#protocol/variables.ts'
import { explainIssues } from './explainIssues.ts'
import { writeInProject } from './projectFolder.ts'
import { readYamlText } from './yamlText.ts'

/** Hits that a person has gone through by hand are some thousands. */
const mostBytes = 32 << 20

const pathOf = (directory: string) => join(directory, 'variables.yaml')

const head = ` Variables of this project: what counts as one, and hits that were excluded or recoded by hand.
 Made to be kept in version control; comments stay.`

/**
 * The variables of a project; none where there is no file.
 * @throws EngineError 'variables/not-yaml', 'variables/invalid'
 */
export async function readVariables(directory: string): Promise<Variables> {
  return variablesOf(await readDocument(directory), directory)
}

/**
 * @throws EngineError 'variables/unknown' beside those of `readVariables`
 */
export async function readVariable(directory: string, name: string): Promise<Variable> {
  const variables = await readVariables(directory)
  const found = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (found) return found
  const known = Object.keys(variables).join(', ')
  throw new EngineError(
    'variables/unknown',
    `The project has no variable "${name}"; it has ${known || 'none'}. Save one: isogloss variable ${name} --variant NAME=ITEM,ITEM --project DIR.`,
    { name },
  )
}

/** Writes one variable, or takes it away where it is null; all that is not changed stays as it is written, comments too. */
export async function saveVariable(directory: string, name: string, variable: Variable | null): Promise<void> {
  const document = await readDocument(directory)
  const before = variablesOf(document, directory)
  if (variable === null) {
    if (!Object.hasOwn(before, name)) await readVariable(directory, name)
    document.deleteIn(['variables', name])
  } else setVariable(document, name, variable)
  await writeInProject(
    directory,
    pathOf(directory),
    document.toString({ lineWidth: 110, flowCollectionPadding: false }),
  )
}

async function readDocument(directory: string): Promise<Document> {
  const path = pathOf(directory)
  const text = await readYamlText(path, mostBytes).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null
    throw cause
  })
  if (text === null) {
    const made = parseDocument('variables: {}\n')
    made.commentBefore = head
    made.setIn(['variables'], made.createNode({}))
    return made
  }
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) {
    const line = error instanceof YAMLParseError && error.linePos ? ` in line ${error.linePos[0].line}` : ''
    throw new EngineError(
      'variables/not-yaml',
      `${path} is not valid YAML${line}: ${error.message.split('\n')[0]}. Mend the file and try again.`,
      { path },
    )
  }
  return document
}

function variablesOf(document: Document, directory: string): Variables {
  const raw: unknown = document.toJS({ maxAliasCount: 0 }) ?? {}
  const result = variablesFile.safeParse(raw)
  if (result.success) return result.data.variables
  throw new EngineError(
    'variables/invalid',
    `${pathOf(directory)} cannot be used: ${explainIssues(variablesFile, result.error.issues, raw)
      .map(({ message }) => message)
      .join(' ')} Mend the file and try again.`,
    { path: pathOf(directory) },
  )
}

function setVariable(document: Document, name: string, variable: Variable): void {
  if (!isMap(document.getIn(['variables']))) document.set('variables', document.createNode({}))
  const at = ['variables', name]
  if (!isMap(document.getIn(at))) document.setIn(at, document.createNode({}))
  const known =
    (document.getIn([...at, 'variants']) as { toJSON(): Record<string, unknown> } | undefined)?.toJSON() ?? {}
  if (!isMap(document.getIn([...at, 'variants']))) document.setIn([...at, 'variants'], document.createNode({}))
  for (const variant of Object.keys(known))
    if (!Object.hasOwn(variable.variants, variant)) document.deleteIn([...at, 'variants', variant])
  for (const [variant, items] of Object.entries(variable.variants))
    setList(document, [...at, 'variants', variant], items)
  setList(document, [...at, 'excluded'], variable.excluded)
  setList(document, [...at, 'recoded'], variable.recoded)
}

/** Entries that go are taken out and new ones added at the end; those that stay keep their comments. */
function setList(document: Document, at: string[], entries: unknown[]): void {
  const list: unknown = document.getIn(at)
  if (!isSeq(list)) {
    if (entries.length > 0) document.setIn(at, flowEntries(document, entries))
    return
  }
  if (entries.length === 0) return void document.deleteIn(at)
  const wanted = new Set(entries.map(keyOf))
  for (let i = list.items.length - 1; i >= 0; i--) if (!wanted.has(keyOf(jsonOf(list, i)))) list.delete(i)
  const kept = new Set(list.items.map((_, i) => keyOf(jsonOf(list, i))))
  for (const entry of entries) if (!kept.has(keyOf(entry))) list.add(document.createNode(entry, { flow: true }))
}

function flowEntries(document: Document, entries: unknown[]) {
  const isItems = typeof entries[0] === 'string'
  const list = document.createNode(entries, { flow: isItems }) as YAMLSeq
  if (!isItems) for (const entry of list.items) if (isMap(entry)) entry.flow = true
  return list
}

const jsonOf = (list: YAMLSeq, i: number): unknown => (list.toJSON() as unknown[])[i]

/** Whatever the order of the keys. */
const keyOf = (entry: unknown): string =>
  typeof entry === 'object' && entry !== null
    ? JSON.stringify(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
    : JSON.stringify(entry)
