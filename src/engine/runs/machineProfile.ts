import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MachineProfile } from '#protocol/machine.ts'
import { cacheDirectory } from '#engine/compute/device.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { version } from '#engine/version.ts'

/** Measured once a machine and version, for every project: it can be made again. */
const profileFile = () => join(cacheDirectory(), 'machine.json')

/** The machine's measured speed, or null where it was not measured with this version and device. */
export async function loadMachineProfile(): Promise<MachineProfile | null> {
  const text = await readFile(profileFile(), 'utf8').catch(() => null)
  if (text === null) return null
  const profile = JSON.parse(text) as MachineProfile
  const { device } = await loadTensorFlow()
  const isOurs = profile.isogloss === version && profile.backend === device.backend && profile.threads === device.threads
  return isOurs && profile.device === (device.gpu?.name ?? 'cpu') ? profile : null
}

export async function saveMachineProfile(profile: MachineProfile): Promise<void> {
  await mkdir(cacheDirectory(), { recursive: true })
  await writeFileAtomically(profileFile(), `${JSON.stringify(profile, null, 2)}\n`)
}
