import { embeddings } from './embeddings.ts'
import { igr } from './igr.ts'
import { importBench } from './import.ts'
import type { BenchProgram } from './program.ts'

/** Every bench by its name on the command line. */
export const programs: Record<string, BenchProgram> = { embeddings, igr, import: importBench }
