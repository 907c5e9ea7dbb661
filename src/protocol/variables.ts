import { z } from 'zod'

/** Of a variable or a variant: letters of any script. */
export const variableName = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._ '-]{0,63}$/u,
    'expected letters, digits, blanks, ".", "_", "-" and "\'", at most 64',
  )

/** A hit, by its document's text and where it stands there: it is found again in any corpus that holds the text. */
const hitPlace = {
  /** The first 16 hexadecimal digits of the SHA-256 of the stored text. */
  document: z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 hexadecimal digits, as kwic gives them'),
  /** Of the hit in the stored text, UTF-16. */
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
}

/** A word that is no item of its variant here, as the person who read it says. */
export const excludedHit = z.strictObject(hitPlace)
export type ExcludedHit = z.infer<typeof excludedHit>

/** One that belongs to another variant. */
export const recodedHit = z.strictObject({ ...hitPlace, to: variableName })
export type RecodedHit = z.infer<typeof recodedHit>

const item = z.string().min(1).max(1000)

/** Variants with their items, and what a person has said of single hits. */
export const variable = z
  .strictObject({
    variants: z
      .record(variableName, z.array(item).min(1).max(1000))
      .refine((variants) => Object.keys(variants).length > 0, 'needs a variant'),
    excluded: z.array(excludedHit).default([]),
    recoded: z.array(recodedHit).default([]),
  })
  .refine(
    ({ variants, recoded }) => recoded.every(({ to }) => to in variants),
    'a hit is recoded to a variant that is not there',
  )
export type Variable = z.infer<typeof variable>
export type VariableInput = z.input<typeof variable>

/** variables.yaml of a project. */
export const variablesFile = z.strictObject({ variables: z.record(variableName, variable).default({}) })
export type Variables = z.infer<typeof variablesFile>['variables']
