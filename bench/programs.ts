import { embeddings } from './embeddings.ts'
import { labels } from './labels.ts'
import type { BenchProgram } from './program.ts'

/** Every bench by its name on the command line. */
export const programs: Record<string, BenchProgram> = { embeddings, labels }
