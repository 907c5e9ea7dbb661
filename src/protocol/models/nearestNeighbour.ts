import { z } from 'zod'
import type { ModelDescription } from './description.ts'
import { tfIdfSettings } from './tfIdf.ts'

/** The place of the training document whose words are most alike: a floor for what learns. */
export const nearestNeighbourSettings = z.strictObject({
  method: z.literal('nearest-neighbour'),
  ...tfIdfSettings,
})
export type NearestNeighbourSettings = z.infer<typeof nearestNeighbourSettings>

export const nearestNeighbour: ModelDescription<NearestNeighbourSettings> = {
  title: 'Nearest neighbour by words',
  hasCurve: false,
  tasks: () => ['coordinates'],
  needs: () => ({ labels: false, embedding: false, seeds: false, input: 'words', device: 'processor' }),
}
