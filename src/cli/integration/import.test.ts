import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { isogloss, start } from './commandLine.ts'

describe('isogloss import', () => {
  let directory: string
  let file: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'isogloss-import-'))
    const random = seededRandom(1)
    const rows = Array.from(
      { length: 60_000 },
      (_, i) =>
        `u${i}\t${(40 + random.next()).toFixed(5)}\t-80\t${Array.from({ length: 25 }, () => random.below(2 ** 31).toString(36)).join(' ')}\n`,
    )
    file = join(directory, 'corpus.txt')
    await writeFile(file, rows.join(''))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  const corporaOf = async (project: string) =>
    (await readdir(join(project, 'corpora')).catch(() => [])).filter((name) => !name.includes('.tmp-'))

  it('leaves nothing half-made when it is killed, and the next one is whole; it tells of bytes', async () => {
    const project = join(directory, 'killed')
    let kills = 0
    for (const afterMs of [0, 60, 120, 200, 300, 450]) {
      let wasStarted = false
      const { code } = await start(['import', file, '--project', project, '--split', 'none'], '', (stderr, child) => {
        if (wasStarted || !/Import the corpus: started/.test(stderr)) return
        wasStarted = true
        setTimeout(() => child.kill('SIGKILL'), afterMs)
      })
      if (code === null) kills++
      // Its engine ends a moment after it, and may have finished.
      await delay(500)
      for (const name of await corporaOf(project))
        expect(await readdir(join(project, 'corpora', name))).toContain('manifest.json')
      await rm(join(project, 'corpora'), { recursive: true, force: true })
    }
    expect(kills).toBeGreaterThan(0)
    const { code, stderr, stdout } = await isogloss('import', file, '--project', project, '--split', 'none', '--json')
    expect(code).toBe(0)
    expect(stderr).toMatch(/\d+ Import the corpus, .* of [\d.,]+ MiB/)
    expect((JSON.parse(stdout) as { corpus: { documents: object } }).corpus.documents).toEqual({
      train: 60_000,
      dev: 0,
      test: 0,
    })
    const names = await readdir(join(project, 'corpora'))
    expect(names).toHaveLength(1)
    expect((await readdir(join(project, 'corpora', names[0]!))).sort()).toEqual([
      'corpus.json',
      'documents.parquet',
      'manifest.json',
      'rejected.parquet',
    ])
  }, 240_000)

  it('drops duplicates where it is asked to', async () => {
    const twice = join(directory, 'twice.txt')
    await writeFile(twice, '47\t8\tone\n46\t8\ttwo\n45\t8\tone\n')
    const { stdout } = await isogloss(
      'import',
      twice,
      '--project',
      join(directory, 'twice'),
      '--split',
      'none',
      '--duplicates',
      'drop',
    )
    expect(stdout).toMatch(/2 training/)
    expect(stdout).toMatch(/same text as an earlier one: 1, 0 of them as one of another fold; left out/)
  }, 120_000)

  const disk = (mebibytes: number) => {
    const place = join(directory, `disk-${mebibytes}`)
    execFileSync('mkdir', ['-p', place])
    return {
      place,
      mounted: spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', place]).status === 0,
    }
  }

  // Too small for the unpacked rows, and for the table beside them.
  it.each([6, 12])(
    'ends with a full disk of %i MiB in words, and leaves a project that opens (skipped where no file system can be mounted)',
    async (mebibytes) => {
      const { place, mounted } = disk(mebibytes)
      if (!mounted) {
        process.stdout.write('skipped: only root can mount a small file system here\n')
        return
      }
      try {
        const project = join(place, 'project')
        await mkdir(project)
        const { code, stderr } = await isogloss('import', file, '--project', project, '--split', 'none')
        expect(stderr).toMatch(/disk\/full: The disk is full: nothing half-made was kept\./)
        expect(code).toBe(1)
        expect(await readdir(join(project, 'corpora'))).toEqual([])
        const small = join(directory, 'small.txt')
        await writeFile(small, '47\t8\tone\n')
        expect((await isogloss('import', small, '--project', project, '--split', 'none')).code).toBe(0)
      } finally {
        spawnSync('umount', [place])
      }
    },
    120_000,
  )
})
