import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Names the folder of what several files of tests share. */
export const preparedVariable = 'ISOGLOSS_E2E_PREPARED'

/** Makes an empty folder for projects that several files of tests start from; what it returns removes it after the last one. */
export default async function prepare(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'isogloss-prepared-'))
  process.env[preparedVariable] = folder
  return () => rm(folder, { recursive: true, force: true })
}
