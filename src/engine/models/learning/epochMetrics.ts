import { z } from 'zod'

/** A figure as JSON keeps it, which has no NaN: the loss of a training that diverged is null there. */
export const keptFigure = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN)
const count = z.number().int().positive()

/** An epoch as metrics.jsonl and checkpoints keep it. */
export const epochMetrics = z.object({
  epoch: count,
  step: count,
  trainLoss: keptFigure,
  coordinateLoss: z.number().nullable(),
  devLoss: keptFigure,
  devAccuracy: z.number().nullable(),
  devMeanErrorKm: keptFigure,
  devMedianErrorKm: keptFigure,
  devAccuracyAt161Km: keptFigure,
  documentsPerSecond: keptFigure,
  elapsedMs: keptFigure,
  best: z.boolean(),
})
