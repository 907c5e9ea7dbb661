import { z } from 'zod'

/** A condition on a further column: one of several values, or a range of numbers with both ends in it. */
export const condition = z
  .strictObject({
    column: z.string(),
    values: z.array(z.string()).min(1).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .refine(
    ({ values, min, max }) => (values === undefined) !== (min === undefined && max === undefined),
    'needs values, or min and max',
  )
export type Condition = z.infer<typeof condition>
