import { z } from 'zod'

const count = z.number().int().nonnegative()

/** tokens.json: what the other files of the folder must hold. */
export const tokenFile = z.object({
  tokenisation: z.enum(['text', 'answers']),
  words: count,
  tokens: count,
  documents: count,
  informants: count,
  sites: count,
  /** Documents whose words an earlier one of the same informant has. */
  repeated: count,
  /** Informants whose documents lie at several sites. */
  moved: count,
})
export type TokenFile = z.infer<typeof tokenFile>
