import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { EngineError } from '#protocol/errors.ts'
import type { Variable, Variables } from '#protocol/variables.ts'
import { printResult, textTable, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'

export interface HitArgument {
  document: string
  start: number
  end: number
  to?: string
}

export interface VariableOptions extends OutputOptions {
  project: string
  variant?: [name: string, items: string][]
  exclude?: HitArgument[]
  recode?: HitArgument[]
  remove?: boolean
}

/** `variables`: what the project has. */
export async function listVariables(options: VariableOptions): Promise<void> {
  const variables = await inProject(options, (engine) => engine.request('variables.read', {}))
  printResult(options, { variables }, () => variablesText(variables))
}

/** `variable NAME`: saved, changed or taken away. Variants that are named take the place of those of the same name. */
export async function changeVariable(name: string, options: VariableOptions): Promise<void> {
  const variables = await inProject(options, async (engine) => {
    if (options.remove) return engine.request('variables.save', { name, variable: null })
    const known = await engine.request('variables.read', {})
    const before = Object.hasOwn(known, name) ? known[name]! : null
    return engine.request('variables.save', { name, variable: changed(name, before, options) })
  })
  printResult(options, { variables }, () =>
    options.remove ? `${name} is gone.` : variablesText({ [name]: variables[name]! }),
  )
}

function changed(name: string, before: Variable | null, { variant, exclude, recode }: VariableOptions): Variable {
  if (before === null && variant === undefined)
    throw new EngineError(
      'variables/no-variant',
      `The project has no variable "${name}" yet. Name its variants: --variant pop=pop,pops --variant soda=soda.`,
    )
  const sameHit = (a: HitArgument) => (b: HitArgument) => a.document === b.document && a.start === b.start
  const said = [...(exclude ?? []), ...(recode ?? [])]
  const untouched = <Hit extends HitArgument>(hits: Hit[]) => hits.filter((hit) => !said.some(sameHit(hit)))
  return {
    variants: {
      ...before?.variants,
      ...Object.fromEntries((variant ?? []).map(([variantName, items]) => [variantName, splitItems(items)])),
    },
    excluded: [...untouched(before?.excluded ?? []), ...(exclude ?? [])],
    recoded: [
      ...untouched(before?.recoded ?? []),
      ...(recode ?? []).map(({ document, start, end, to }) => ({ document, start, end, to: to! })),
    ],
  }
}

/** Commas part items, but for those inside of an expression and `\,`. */
const splitItems = (items: string): string[] =>
  (items.match(/\s*\/(?:\\.|[^\\/])+\/\s*(?=,|$)|(?:\\.|[^\\,])+/g) ?? [])
    .map((item) => (/^\s*\//.test(item) ? item : item.replaceAll('\\,', ',')).trim())
    .filter((item) => item !== '')

/** `pop=pop,pops`. */
export function parseVariantItems(text: string): [string, string] {
  const at = text.indexOf('=')
  const [name, items] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  if (at > 0 && splitItems(items).length > 0) return [name, items]
  throw new InvalidArgumentError('Expected a variant and its items, such as pop=pop,pops.')
}

/** `0123456789abcdef:10-13` or `0123456789abcdef:10-13=soda`. */
export function parseHit(text: string, recodes: boolean): HitArgument {
  const [, document, start, end, to] = /^([0-9a-f]{16}):(\d+)-(\d+)(?:=(.+))?$/.exec(text) ?? []
  if (document !== undefined && Number(start) < Number(end) && (to !== undefined) === recodes)
    return { document, start: Number(start), end: Number(end), ...(to === undefined ? {} : { to }) }
  throw new InvalidArgumentError(`Expected DOCUMENT:START-END${recodes ? '=VARIANT' : ''}, as kwic --json gives them.`)
}

function inProject<Result>(
  { project }: VariableOptions,
  work: (engine: Parameters<Parameters<typeof withEngine>[0]>[0]) => Promise<Result>,
): Promise<Result> {
  return withEngine(async (engine) => {
    await engine.request('project.open', { directory: resolve(project) })
    return work(engine)
  })
}

const variablesText = (variables: Variables): string =>
  Object.keys(variables).length === 0
    ? 'The project has no variables yet. Save one: isogloss variable NAME --variant pop=pop,pops --project DIR.'
    : textTable([
        ['variable', 'variant', 'items', 'excluded', 'recoded to it'],
        ...Object.entries(variables).flatMap(([name, { variants, excluded, recoded }]) =>
          Object.entries(variants).map(([variant, items], i) => [
            i === 0 ? name : '',
            variant,
            items.join(', '),
            i === 0 ? String(excluded.length) : '',
            String(recoded.filter(({ to }) => to === variant).length),
          ]),
        ),
      ])
