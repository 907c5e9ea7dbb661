import { isAbsolute } from 'node:path'
import { z } from 'zod'
import type { ArtefactSummary } from '#protocol/project.ts'

export type ArtefactKind = ArtefactSummary['kind']
export const artefactKinds = [
  'corpus',
  'vocabulary',
  'tokens',
  'labels',
  'embedding',
  'run',
] as const satisfies readonly ArtefactKind[]

export const artefactId = /^[0-9a-f]{16}$/

/** Below the artefact's folder, whoever wrote the manifest. */
export const pathInside = z
  .string()
  .refine((path) => path !== '' && !isAbsolute(path) && !path.split(/[\\/]/).includes('..'), 'not a path inside')

/** manifest.json: what an artefact is, what it was made from and with, and what its files must be. */
export const manifestFile = z.object({
  kind: z.enum(artefactKinds),
  id: z.string().regex(artefactId),
  title: z.string(),
  /** The recipe whose hash is the id, with the ids of its inputs and the version of its method. */
  recipe: z.record(z.string(), z.unknown()),
  createdAt: z.string(),
  wallMs: z.number(),
  versions: z.record(z.string(), z.string()),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
  files: z.array(
    z.object({ path: pathInside, bytes: z.number().int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
})
export type Manifest = z.infer<typeof manifestFile>
