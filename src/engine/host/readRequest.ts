import { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import type { Request } from '#protocol/wire.ts'

const request = z.object({
  kind: z.literal('request'),
  id: z.number().int(),
  method: z.string().max(100),
  params: z.unknown(),
})

/** Far above any request; an experiment has at most 131,072 characters. */
const mostCharacters = 1 << 26
const mostValues = 50_000
const deepest = 64

/**
 * Takes a client's message for a request, whatever was sent: after this the parameters are a tree of plain values that can be
 * walked in a fraction of a second.
 * @throws EngineError 'wire/not-a-request', 'wire/too-large'
 */
export function readRequest(message: unknown): Request {
  assertBounded(message)
  const read = request.safeParse(message)
  if (read.success) return read.data as Request
  throw new EngineError(
    'wire/not-a-request',
    `The engine was sent what is no request: ${problemsOf(read.error)}. Use a client of the same version.`,
  )
}

/** The number that a message can be answered to; null where it has none. */
export function idOf(message: unknown): number | null {
  const id = typeof message === 'object' && message !== null ? (message as { id?: unknown }).id : null
  return Number.isSafeInteger(id) ? (id as number) : null
}

/** Problems that are put into words: a list of thousands of wrong values has one each. */
const mostTold = 10

export const problemsOf = ({ issues }: z.ZodError): string => z.prettifyError(new z.ZodError(issues.slice(0, mostTold)))

/** A value that holds itself has no depth that ends, so that this refuses it too. */
function assertBounded(message: unknown): void {
  let [characters, values] = [0, 0]
  const walk = (value: unknown, depth: number) => {
    if (++values > mostValues) throw tooLarge(`more than ${mostValues} values`)
    if (typeof value === 'string') {
      characters += value.length
      if (characters > mostCharacters) throw tooLarge(`more than ${mostCharacters} characters`)
    }
    if (typeof value !== 'object' || value === null) return
    if (depth > deepest) throw tooLarge(`values in one another deeper than ${deepest}, or one that holds itself`)
    // An array's length may be far above what it holds.
    if (Array.isArray(value) && values + value.length > mostValues) throw tooLarge(`a list of ${value.length} values`)
    if (!Array.isArray(value) && !isPlain(value))
      throw new EngineError(
        'wire/not-a-request',
        'The engine was sent bytes or objects of a class, expected texts, numbers, lists and groups of them.',
      )
    for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      if (typeof key === 'string') characters += key.length
      walk(inner, depth + 1)
    }
  }
  walk(message, 0)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const tooLarge = (found: string) =>
  new EngineError('wire/too-large', `The engine was sent a message with ${found}; it was not read. Send less at once.`)
