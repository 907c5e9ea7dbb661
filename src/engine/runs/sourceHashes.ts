import { join, resolve } from 'node:path'
import { z } from 'zod'
import { readCache } from '#engine/files/artefactFile.ts'
import { portablePath, writeInProject } from './projectFolder.ts'

/**
 * experiments/sources.json: the hashes that the files of experiments had when they last ran. A project that is copied or
 * sent without its corpus files still shows its results by them.
 */
const pathOf = (project: string) => join(project, 'experiments', 'sources.json')

const sourcesFile = z.record(z.string(), z.string())

/** Absolute path -> sha256; empty where nothing was kept. */
export async function readSourceHashes(project: string): Promise<Map<string, string>> {
  const kept = await readCache(pathOf(project), sourcesFile)
  return new Map(Object.entries(kept ?? {}).map(([file, hash]) => [resolve(project, file), hash]))
}

/** Adds to what is kept; files inside the project are named relative to it, so that it can be moved. */
export async function keepSourceHashes(project: string, hashes: ReadonlyMap<string, string>): Promise<void> {
  const all = new Map([...(await readSourceHashes(project)), ...hashes])
  const named = [...all].map(([file, hash]) => [portablePath(project, file), hash] as const)
  await writeInProject(project, pathOf(project), `${JSON.stringify(Object.fromEntries(named.sort()), null, 2)}\n`)
}
