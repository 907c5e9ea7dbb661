import { classical } from './classical.ts'
import { embeddings } from './embeddings.ts'
import { explore } from './explore.ts'
import { igr } from './igr.ts'
import { importBench } from './import.ts'
import { labels } from './labels.ts'
import { predict } from './predict.ts'
import type { BenchProgram } from './program.ts'
import { training } from './training.ts'
import { windowBench } from './window.ts'

/** Every bench by its name on the command line. */
export const programs: Record<string, BenchProgram> = {
  classical,
  embeddings,
  explore,
  igr,
  import: importBench,
  labels,
  predict,
  training,
  window: windowBench,
}
