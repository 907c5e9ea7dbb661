import type { ErrorReport } from './errors.ts'
import type { ClusterWork } from './cluster.ts'
import type { DeviceReport } from './machine.ts'
import type { ConditionName } from './comparison.ts'
import type { StageName } from './project.ts'
import type { EpochMetrics } from './runs.ts'

/** What a stage says of itself while it works; `rate` is in `unit` per second over the last seconds. */
export interface Progress {
  stage: StageName
  title: string
  done: number
  total: number | null
  unit: 'documents' | 'bytes' | 'words' | 'steps' | 'points' | 'areas'
  rate: number | null
  /** Rows read per second over the last seconds, where rows of files are read. */
  rowsRate: number | null
  remainingMs: number | null
  /** Of an embedding: mean loss a pair of words over the last seconds, nats. */
  loss: number | null
}

/** The table of events: name -> payload. Every event of a job carries the job's id. */
export interface EngineEvents {
  'job.progress': {
    job: string
    progress: Progress
    overall: { done: number; total: number; remainingMs: number | null }
  }
  'job.step': { job: string; step: string; title: string; state: 'started' | 'finished' | 'reused' }
  'job.epoch': { job: string; run: string; condition: ConditionName; seed: number | null; metrics: EpochMetrics }
  'job.note': { job: string; message: string }
  'job.finished': { job: string; outcome: 'finished' | 'cancelled' | 'failed'; error?: ErrorReport }
  /** What is watched of a cluster is not as it was at the last look. */
  'cluster.changed': { experiment: string; work: ClusterWork | null }
  /** The device is null until something was computed on it. */
  'engine.status': { residentMiB: number; device: DeviceReport | null; busy: boolean }
}
export type EventName = keyof EngineEvents
