import { EngineError } from '#protocol/errors.ts'
import type { Question, QuestionKind, QuestionOf } from '#protocol/explorer.ts'
import type { Variable } from '#protocol/variables.ts'
import { readVariable } from '../variables.ts'

/** A question, whatever corpus it is asked of. */
export type WithoutCorpus = { [Kind in QuestionKind]: Omit<QuestionOf<Kind>, 'corpus'> }[QuestionKind]

/** How many variants a kind of question takes. */
const variantsOf: Partial<Record<QuestionKind, [least: number, most: number, what: string]>> = {
  map: [1, 20, 'a map shows one to twenty'],
  difference: [1, 20, 'a map of a difference is of one to twenty'],
  line: [2, 20, 'a line parts two to twenty'],
  stats: [1, 20, 'statistics are of one'],
  bundle: [2, 2, 'in a bundle each line parts two'],
  patterns: [2, 20, 'patterns are of variables of two to twenty'],
}

interface Named {
  variants: string[]
  variable?: string
}

/**
 * A question with the variants of its variables, and these, since answers come of what they say of single hits.
 * @throws EngineError 'variables/unknown', 'explorer/how-many-variants'
 */
export async function withVariables(
  question: Omit<Question, 'corpus'>,
  directory: string,
): Promise<{ question: WithoutCorpus; variable: Variable | null; variables: (Variable | null)[] | null }> {
  const asked = question as WithoutCorpus
  if (asked.kind === 'bundle' || (asked.kind === 'patterns' && asked.questions)) {
    const resolved: Awaited<ReturnType<typeof resolve>>[] = []
    for (const one of asked.questions!) resolved.push(await resolve(one, asked.kind, directory))
    const questions = asked.questions!.map((one, i) => ({ ...one, variants: resolved[i]!.variants }))
    return { question: { ...asked, questions }, variable: null, variables: resolved.map(({ variable }) => variable) }
  }
  if (!('variants' in asked)) return { question: asked, variable: null, variables: null }
  const { variants, variable } = await resolve(asked, asked.kind, directory)
  return { question: { ...asked, variants }, variable, variables: null }
}

async function resolve(
  asked: Named,
  kind: QuestionKind,
  directory: string,
): Promise<{ variants: string[]; variable: Variable | null }> {
  const variable = asked.variable === undefined ? null : await readVariable(directory, asked.variable)
  if (variable && asked.variants.length > 0)
    throw new EngineError('explorer/how-many-variants', 'Name variants or a variable, not both.')
  const variants = variable ? Object.keys(variable.variants) : asked.variants
  const [least, most, what] = variantsOf[kind]!
  // A rate is of one variant; of a variable it is the first one's among all who use any.
  if (variants.length >= least && variants.length <= (kind === 'stats' && !variable ? 1 : most))
    return { variants, variable }
  throw new EngineError(
    'explorer/how-many-variants',
    `Found ${variants.length} ${variants.length === 1 ? 'variant' : 'variants'}; ${what}. Name as many.`,
  )
}
