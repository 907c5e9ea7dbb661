import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isogloss, start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

/** Everything below a folder with its content, to see that nothing was changed. */
async function contentOf(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(await Promise.all(files.sort().map(async (file) => [file, await readFile(file, 'base64')])))
}

/** By Linux's own list. */
const hasChild = (pid: number) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8') !== ''

// Each of them starts several programs, on a machine that may be busy.
describe('what people do wrong, and machines lack', { timeout: 180_000 }, () => {
  let directory: string
  let finished: string
  let file: string
  const yaml = async (name: string, change: (text: string) => string) => {
    const path = join(directory, `${name}.yaml`)
    await writeFile(path, change(await readFile(file, 'utf8')))
    return path
  }
  const oneRun = (text: string) =>
    text.replace('seeds: [1]', 'labels: [kd], models: [stl], seeds: [1]').replace('epochs: 3', 'epochs: 1')

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'isogloss falsch ü-'))
    file = await smallExperiment(directory)
    file = await yaml('one', oneRun)
    finished = join(directory, 'finished')
    expect((await isogloss('run', file, '--project', finished)).code).toBe(0)
  }, 180_000)
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('leaves a project of a newer version as it is', async () => {
    const project = join(directory, 'newer')
    await cp(finished, project, { recursive: true })
    const path = join(project, 'project.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"formatVersion": 1', '"formatVersion": 7'))
    const before = await contentOf(project)
    for (const args of [['run', file], ['compare'], ['import', join(directory, 'sample', 'dev.txt.gz')]]) {
      const { code, stderr } = await isogloss(...args, '--project', project)
      expect(code).toBe(1)
      expect(stderr).toMatch(/^project\/newer-version: .* format 7; this Isogloss reads up to 1\./m)
    }
    expect(await contentOf(project)).toEqual(before)
  })

  it('stops before the embeddings where a label set has one label', async () => {
    const project = join(directory, 'one-label')
    const { code, stderr } = await isogloss(
      'run',
      await yaml('one-label', (text) => text.replace('bucket: 40', 'bucket: 4000')),
      '--project',
      project,
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/^labels\/one-label: The label set "kd" has 1 label; .*labels\.kd\.bucket/m)
    expect(await readdir(project)).not.toContain('embeddings')
  })

  it('names a vector file and a folder that are not there', async () => {
    const vectors = await yaml('vectors', (text) =>
      text.replace(/^embeddings:.*/m, 'embeddings: {method: file, file: nowhere.bin}'),
    )
    expect((await isogloss('run', vectors, '--project', finished)).stderr).toMatch(
      /^embedding\/file-missing: .*nowhere\.bin does not exist/m,
    )
    expect((await isogloss('run', file, '--project', file)).stderr).toMatch(/^file\/not-a-folder: .*one\.yaml/m)
  })

  it('shows the results of a project that came without its corpus', async () => {
    const here = join(directory, 'sample')
    const away = join(directory, 'sample-away')
    const before = await isogloss('compare', '--project', finished, '--json')
    await rename(here, away)
    try {
      const sent = join(directory, 'sent')
      await cp(finished, sent, { recursive: true })
      const after = await isogloss('compare', '--project', sent, '--json')
      expect(after.code, after.stderr).toBe(0)
      expect(after.stdout).toBe(before.stdout)
      expect((await isogloss('run', file, '--project', sent)).code).toBe(0)
      const elsewhere = await isogloss('run', file, '--project', join(directory, 'elsewhere'))
      expect(elsewhere.stderr).toMatch(/^import\/file-missing: .*train\.txt\.gz does not exist/m)
    } finally {
      await rename(away, here)
    }
  })

  it('changes nothing of an experiment that another program runs', async () => {
    const project = join(directory, 'together')
    let second: ReturnType<typeof isogloss> | null = null
    const other = await yaml('other', (text) => text.replace('bucket: 40', 'bucket: 60'))
    const first = await start(['run', file, '--project', project], '', (seen) => {
      if (!second && /Skip-gram.*: started/.test(seen)) second = isogloss('run', other, '--project', project)
    })
    expect(first.code).toBe(0)
    const { code, stderr } = await second!
    // It waits for a moment, and may have got its turn after the first one's end.
    if (code === 1) {
      expect(stderr).toMatch(/^project\/locked: /m)
      expect(await readFile(join(project, 'experiments', 'small.yaml'), 'utf8')).toContain('bucket: 40')
    }
  })

  it.each(['wasm', 'cpu'])(
    'trains on the %s backend to the numbers of native TensorFlow, and says why it is slow',
    async (backend) => {
      const tiny = await yaml('tiny', (text) =>
        text
          .replace('name: small', 'name: tiny')
          .replace('maxWords: 60', 'maxWords: 16')
          .replaceAll('filters: [16, 16]', 'filters: [4, 4]'),
      )
      const project = join(directory, backend)
      const numbersOf = async () => {
        const { results } = JSON.parse((await isogloss('compare', '--project', project, '--json')).stdout) as Compared
        return results.find(({ model }) => model === 'stl')!
      }
      expect((await isogloss('run', tiny, '--project', project)).code).toBe(0)
      const native = await numbersOf()
      await rm(join(project, 'runs'), { recursive: true })
      await rm(join(project, 'experiments', 'tiny.comparison.json'))
      const { code, stderr } = await start(['run', tiny, '--project', project], '', undefined, {
        ISOGLOSS_BACKEND: backend,
      })
      expect(code, stderr).toBe(0)
      expect(stderr.match(/note: Training takes many times as long.*ISOGLOSS_BACKEND/g)).toHaveLength(1)
      const slow = await numbersOf()
      expect(slow.medianErrorKm).toBeCloseTo(native.medianErrorKm, 3)
      expect(slow.meanErrorKm).toBeCloseTo(native.meanErrorKm, 3)
    },
    240_000,
  )

  const root = process.getuid?.() === 0
  const mounted = root && spawnSync('mount', ['--version']).status === 0

  it.skipIf(!mounted)(
    'says that the disk is full, and goes on where it stopped once there is room (needs root)',
    async () => {
      const disk = join(directory, 'disk')
      await mkdir(disk)
      const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', disk], { encoding: 'utf8' })
      expect(mount.status, mount.stderr).toBe(0)
      try {
        const project = join(disk, 'p')
        const dev = join(directory, 'sample', 'dev.txt.gz')
        expect((await isogloss('import', dev, '--project', project)).code).toBe(0)
        spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'ballast')}`, 'bs=1M'])
        const before = await contentOf(project)
        for (const args of [
          ['import', join(directory, 'sample', 'test.txt.gz')],
          ['run', file],
        ]) {
          const { code, stderr } = await isogloss(...args, '--project', project)
          expect(code).toBe(1)
          expect(stderr).toMatch(/^disk\/(full|too-little): .*(full|free)/m)
        }
        expect(await contentOf(project)).toEqual(before)
        await rm(join(disk, 'ballast'))
        expect((await isogloss('labels', file, '--project', project)).code).toBe(0)
      } finally {
        spawnSync('umount', ['--lazy', disk])
      }
    },
  )

  it.skipIf(!mounted)(
    'reads a project on a read-only disk, and says so where it would have to write (needs root)',
    async () => {
      const project = join(directory, 'fixed')
      await cp(finished, project, { recursive: true })
      await rm(join(project, 'experiments', 'small.comparison.json'))
      for (const args of [
        ['--bind', project, project],
        ['-o', 'remount,ro,bind', project],
      ])
        expect(spawnSync('mount', args).status).toBe(0)
      try {
        expect((await isogloss('compare', '--project', project)).code).toBe(0)
        for (const args of [
          ['import', join(directory, 'sample', 'test.txt.gz')],
          ['run', await yaml('other', (text) => text.replace('bucket: 40', 'bucket: 60'))],
          ['demo'],
        ]) {
          const { code, stderr } = await isogloss(...args, '--project', project)
          expect([args[0], code]).toEqual([args[0], 1])
          expect(stderr).toMatch(/^file\/not-permitted: .*fixed.*the disk is read-only/m)
        }
      } finally {
        spawnSync('umount', ['--lazy', project])
      }
    },
  )

  it.skipIf(root)('says which file may not be read or written', async () => {
    const project = join(directory, 'not-mine')
    await mkdir(project, { mode: 0o555 })
    expect((await isogloss('run', file, '--project', project)).stderr).toMatch(/^file\/not-permitted: .*not-mine/m)
    await chmod(project, 0o755)
  })

  it('says that its output could not be written', async () => {
    const script = `${JSON.stringify(process.execPath)} build/isogloss.mjs compare --project ${JSON.stringify(finished)} > /dev/full`
    const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: resolve('.'), encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^disk\/full: /)
  })

  it.skipIf(process.platform !== 'linux')(
    'ends by Ctrl+C while it waits for input, and while it computes without a job',
    async () => {
      const [run] = await readdir(join(finished, 'runs'))
      const script = resolve('build/isogloss.mjs')
      for (const args of [['predict', '--project', finished, '--run', run!], ['doctor']]) {
        const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'ignore', 'pipe'] })
        const ended = new Promise<number | null>((done) => child.on('close', done))
        // Once its engine runs, the command has taken over what a signal means.
        while (!hasChild(child.pid!)) await new Promise((done) => setTimeout(done, 20))
        await new Promise((done) => setTimeout(done, 100))
        child.kill('SIGINT')
        expect([args[0], await ended]).toEqual([args[0], 130])
      }
    },
  )

  it('ends in peace where the reader of its answers goes away', async () => {
    const [run] = await readdir(join(finished, 'runs'))
    const script = `yes '{"text":"yinz"}' | ${JSON.stringify(process.execPath)} build/isogloss.mjs predict --project ${JSON.stringify(finished)} --run ${run} | head -1`
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
      cwd: resolve('.'),
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toHaveProperty('label')
  })
})

interface Compared {
  results: { model: string; medianErrorKm: number; meanErrorKm: number }[]
}
