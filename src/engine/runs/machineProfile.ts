import { mkdir, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { MachineProfile } from '#protocol/machine.ts'
import { cacheDirectory } from '#engine/compute/device.ts'
import { isDeviceHere } from '#engine/compute/tensorflow.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { version } from '#engine/version.ts'

/** Measured once a machine and version, for every project: it can be made again. Homes on a network disk serve several machines. */
const profileFile = () => join(cacheDirectory(), `machine-${hostname()}.json`)

const number = z.number().positive()
const machineProfile: z.ZodType<MachineProfile> = z.object({
  isogloss: z.string(),
  backend: z.enum(['tensorflow', 'wasm', 'cpu']),
  device: z.string(),
  threads: number,
  gigaflops: number,
  tokensPerSecond: number,
  skipGram: z.array(z.object({ dimensions: number, wordsPerSecond: number })),
  steps: z.array(
    z.object({ title: z.string(), operations: number, parameters: number, documents: number, seconds: number }),
  ),
})

/** Null where the file is not one that `saveMachineProfile` could have written: it is measured again. */
function profileOf(text: string): MachineProfile | null {
  try {
    return machineProfile.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** The machine's measured speed, or null where it was not measured with this version and device. */
export async function loadMachineProfile(): Promise<MachineProfile | null> {
  const text = await readFile(profileFile(), 'utf8').catch(() => null)
  if (text === null) return null
  const profile = profileOf(text)
  if (!profile) return null
  return profile.isogloss === version && (await isDeviceHere(profile)) ? profile : null
}

export async function saveMachineProfile(profile: MachineProfile): Promise<void> {
  await mkdir(cacheDirectory(), { recursive: true })
  await writeFileAtomically(profileFile(), `${JSON.stringify(profile, null, 2)}\n`)
}
