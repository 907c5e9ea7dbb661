import { availableParallelism, freemem, release, totalmem } from 'node:os'
import { EngineError } from '#protocol/errors.ts'
import type { DeviceReport, DoctorReport } from '#protocol/machine.ts'
import { findInstallation, installAdvice } from '#engine/files/installation.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { countPlaces } from '#engine/gazetteer/gazetteer.ts'
import { version } from '#engine/version.ts'
import { machinePolicy } from './machinePolicy.ts'
import { newerVersion } from './newerVersion.ts'
import { cacheDirectory, electronVersion, freeDiskMiB, hasDisplay } from '#engine/compute/device.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'

const leastMemoryMiB = 4096
const leastDiskMiB = 2048

/** Everything that a person needs to know who asks why Isogloss is slow, or does not start, on this machine. */
export async function doctor(): Promise<DoctorReport> {
  const problems: DoctorReport['problems'] = []
  const attempt = async <T>(what: string, toDo: string, ask: () => Promise<T>): Promise<T | null> => {
    try {
      return await ask()
    } catch (error) {
      // Our own errors say themselves what to do.
      if (error instanceof EngineError) problems.push({ what: error.message, toDo: '' })
      else problems.push({ what: `${what}: ${error instanceof Error ? error.message : String(error)}.`, toDo })
      return null
    }
  }

  const device = await loadTensorFlow().then(({ device }) => device)
  const duckdb = await attempt('DuckDB does not load', installAdvice('anew'), duckDbVersion)
  const gazetteer = await attempt('The gazetteer cannot be read', installAdvice('anew'), async () => ({
    cities: await countPlaces(),
  }))
  const cache = cacheDirectory()
  const {
    policy: { updateFolder },
    report: policy,
  } = machinePolicy()
  for (const problem of policy?.problems ?? [])
    problems.push({ what: `The policy of this machine, ${policy?.file}: ${problem}`, toDo: '' })
  const report: DoctorReport = {
    isogloss: findInstallation()?.version ?? version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch} ${release()}`,
    cores: availableParallelism(),
    memoryMiB: Math.floor(totalmem() / 2 ** 20),
    freeMemoryMiB: Math.floor(freemem() / 2 ** 20),
    device,
    duckdb,
    gazetteer,
    electron: electronVersion(),
    display: hasDisplay(),
    cacheDirectory: cache,
    freeDiskMiB: await freeDiskMiB(cache),
    policy,
    problems,
  }
  problems.push(...problemsOf(report))
  const newer = updateFolder === undefined ? null : await newerVersion(updateFolder, report.isogloss)
  if (newer) problems.push(newer)
  return report
}

/** What in a report a person should do something about. */
export function problemsOf(
  report: Pick<DoctorReport, 'device' | 'memoryMiB' | 'freeDiskMiB' | 'electron'>,
): DoctorReport['problems'] {
  const found: DoctorReport['problems'] = []
  if (!report.device.native) {
    found.push({
      what: `Training runs on TensorFlow.js's ${backendTitles[report.device.backend]} and is many times slower than on native TensorFlow.`,
      toDo: report.device.reasons.join(' '),
    })
  }
  if (report.memoryMiB < leastMemoryMiB) {
    found.push({
      what: `The machine has ${report.memoryMiB} MiB of memory; corpora of tens of thousands of authors want ${leastMemoryMiB}.`,
      toDo: 'Use fewer dimensions (embeddings.dimensions) and a smaller vocabulary (preprocess.maxVocabulary).',
    })
  }
  if (report.freeDiskMiB < leastDiskMiB) {
    found.push({
      what: `The disk has ${report.freeDiskMiB} MiB free; runs and checkpoints want ${leastDiskMiB}.`,
      toDo: 'Free some space.',
    })
  }
  // The command line alone is meant to have none.
  if (report.electron === null && findInstallation()?.kind !== 'folder') {
    found.push({ what: 'There is no Electron, so no window.', toDo: installAdvice('window') })
  }
  return found
}

const backendTitles: Record<DeviceReport['backend'], string> = {
  tensorflow: 'native backend',
  wasm: 'WebAssembly backend',
  cpu: 'plain JavaScript backend',
}

async function duckDbVersion(): Promise<string> {
  const database = await openDuckDb()
  try {
    const [row] = await database.rows('SELECT version() AS version')
    return String(row?.['version'] ?? 'unknown')
  } finally {
    database.close()
  }
}
