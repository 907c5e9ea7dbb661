import type { PolicyReport } from './policy.ts'

/** What the engine says of the machine that it runs on: `doctor` and `bench --self`. */

export interface DeviceReport {
  /** `tensorflow` is native; the others train, slowly. */
  backend: 'tensorflow' | 'wasm' | 'cpu'
  native: boolean
  tensorflowVersion: string | null
  gpu: { name: string; memoryMiB: number | null } | null
  /** Why there is no GPU, or no native TensorFlow. */
  reasons: string[]
  threads: number
}

/** What `bench --self` measured on a machine, and estimates of time are made from. */
export interface MachineProfile {
  isogloss: string
  backend: DeviceReport['backend']
  /** The GPU's name, or cpu. */
  device: string
  threads: number
  /** Of a product of matrices of 1,024 x 1,024 in float32. */
  gigaflops: number
  tokensPerSecond: number
  /** One worker. */
  skipGram: { dimensions: number; wordsPerSecond: number }[]
  /** Training steps: operations of their matrix products, parameters moved, documents, and seconds. */
  steps: { title: string; operations: number; parameters: number; documents: number; seconds: number }[]
}

export interface DoctorReport {
  isogloss: string
  node: string
  platform: string
  cores: number
  memoryMiB: number
  freeMemoryMiB: number
  device: DeviceReport
  duckdb: string | null
  gazetteer: { cities: number } | null
  electron: string | null
  display: boolean
  cacheDirectory: string
  freeDiskMiB: number
  /** What the administrator has set; null where nothing is. */
  policy: PolicyReport | null
  problems: { what: string; toDo: string }[]
}
