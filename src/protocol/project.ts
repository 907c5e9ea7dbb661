/** Shapes of a project: its artefacts, its lock, and what a plan says of the steps of an experiment. */

/** `unlocked` is false where no lock was there; `holder` is null also where the lock was damaged. */
export interface UnlockedProject {
  unlocked: boolean
  holder: { host: string; processId: number; processStart: string; since: string } | null
}

export interface ArtefactSummary {
  kind: 'corpus' | 'vocabulary' | 'tokens' | 'labels' | 'embedding' | 'run'
  id: string
  bytes: number
  createdAt: string
  /** Names of the experiments that use it. */
  experiments: string[]
  /** Recipe in one line, for a list. */
  title: string
  /** What is wrong with its files, in words, else null. A damaged artefact counts as missing: a run makes it again. */
  damaged: string | null
}

/** What a project's artefacts are against their manifests. */
export interface Verification {
  artefacts: number
  files: number
  bytes: number
  /** Empty where every file is as it was written. `file` is below the project's folder. */
  damaged: { kind: ArtefactSummary['kind']; id: string; file: string; reason: string }[]
}

export type StageName = 'import' | 'vocabulary' | 'labels' | 'embedding' | 'training' | 'evaluation'

export interface PlanStep {
  stage: StageName
  id: string
  title: string
  /** Ids of the steps whose results it reads. */
  needs: string[]
  /** Done steps are not repeated. */
  state: 'done' | 'missing' | 'partial'
  /** What is wrong with the artefact that is there, and will be made again. */
  damaged?: string
  /** Of training at most, since it stops early; absent before `bench --self`, null where it cannot be told. */
  estimatedMs?: number | null
  /** About what it will hold, bytes; absent where that cannot be told before its inputs are there. */
  memoryBytes?: number
  labels?: string | null
  model?: string
  /** Of vocabularies, embeddings and runs, the variant of the texts that they are of, where there are some. */
  preprocess?: string
  seed?: number | null
}

export interface Plan {
  experiment: string
  steps: PlanStep[]
  /** What may be used here: threads of native TensorFlow, and bytes of memory. */
  machine: { threads: number; memoryBytes: number }
}
