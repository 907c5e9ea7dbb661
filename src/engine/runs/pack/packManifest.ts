import { z } from 'zod'
import { pathInside } from '../manifest.ts'

/** The first file of a pack: what else is in it. */
export const packManifestName = 'pack.json'

export const packManifest = z.object({
  format: z.literal('isogloss-pack'),
  formatVersion: z.literal(1),
  /** By which version it was packed. */
  isogloss: z.string(),
  withoutText: z.boolean(),
  /** To what coordinates of documents were rounded; null for as they are. */
  roundedKm: z.number().positive().nullable(),
  files: z.array(
    z.object({
      path: pathInside,
      bytes: z.number().int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
})
export type PackManifest = z.infer<typeof packManifest>

/** What is left out of a pack, or made coarse. */
export interface Reduction {
  withoutText: boolean
  roundedKm: number | null
}
