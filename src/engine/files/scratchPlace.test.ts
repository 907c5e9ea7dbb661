import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { scratchPlace } from './scratchPlace.ts'
import { Spool } from './spool.ts'

/** A folder of another file system, where there is one. */
const otherDisk = '/dev/shm'
const isOther = (() => {
  try {
    return statSync(otherDisk).dev !== statSync(tmpdir()).dev && statfsSync(tmpdir()).type !== 0x01021994
  } catch {
    return false
  }
})()

describe('scratchPlace', () => {
  let shared: string
  let scratch: string
  beforeEach(() => {
    shared = mkdtempSync(join(isOther ? otherDisk : tmpdir(), 'isogloss-'))
    scratch = mkdtempSync(join(tmpdir(), 'isogloss-'))
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    for (const folder of [shared, scratch]) rmSync(folder, { recursive: true, force: true })
  })

  it('stays beside the artefact without a job, a scratch folder, or another disk', () => {
    const path = join(shared, 'rows.spool')
    expect(scratchPlace(path, { TMPDIR: scratch })).toBe(path)
    expect(scratchPlace(path, { SLURM_JOB_ID: '7' })).toBe(path)
    expect(scratchPlace(path, { SLURM_JOB_ID: '7', TMPDIR: join(scratch, 'gone') })).toBe(path)
    expect(scratchPlace(path, { SLURM_JOB_ID: '7', TMPDIR: shared })).toBe(path)
  })

  it.runIf(isOther)('is in memory for nobody', () => {
    const path = join(scratch, 'rows.spool')
    expect(scratchPlace(path, { SLURM_JOB_ID: '7', TMPDIR: otherDisk })).toBe(path)
  })

  it.runIf(isOther)('is where a job spools, who leaves nothing there even when it is killed', () => {
    vi.stubEnv('SLURM_JOB_ID', '7')
    vi.stubEnv('TMPDIR', scratch)
    const spool = new Spool(join(shared, 'rows.spool'))
    spool.append(new Uint8Array([1, 2, 3]))
    spool.flush()
    expect([readdirSync(shared), readdirSync(scratch)]).toEqual([[], []])
    expect([...spool.read(1, 3)]).toEqual([2, 3])
    spool.close()
  })
})
