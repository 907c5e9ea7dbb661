import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isogloss, start } from './commandLine.ts'

/**
 * A defect that no call catches, put into a real process once it is at work: it happens in a turn of its own, as a stream's
 * or a timer's error does. The engine has it `afterMs` after it was asked for `method`, the command while it waits for an engine.
 */
function defect(method: string | null, how: 'thrown' | 'rejected', afterMs: number): string {
  const error = "new Error('a planted defect')"
  const [program, sign] = method === null ? ['cli.js', 'SIGINT'] : ['engineProcess.js', 'message']
  const asked = `process.on('message', (message) => { if (message.method === ${JSON.stringify(method)}) happen() })`
  return `
import { isMainThread } from 'node:worker_threads'
const happen = () => setTimeout(() => { ${how === 'thrown' ? `throw ${error}` : `void Promise.reject(${error})`} }, ${afterMs})
let seen = false
if (isMainThread) process.on('newListener', (event) => {
  if (seen || event !== '${sign}' || !process.argv[1]?.endsWith('${program}')) return
  seen = true
  ${method === null ? 'happen()' : asked}
})`
}

describe('errors that nobody caught', { timeout: 180_000 }, () => {
  let directory: string
  let corpus: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
    corpus = join(directory, 'corpus.txt')
    await writeFile(
      corpus,
      Array.from(
        { length: 60_000 },
        (_, i) => `u${i}\t${40 + (i % 90) / 10}\t-80\tword${i % 500} and so on ${i}\n`,
      ).join(''),
    )
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  async function withDefect(method: string | null, how: 'thrown' | 'rejected', args: string[], afterMs = 50) {
    const module = join(directory, `${how}.mjs`)
    await writeFile(module, defect(method, how, afterMs))
    return start(args, '', undefined, { NODE_OPTIONS: `--import=${module}` })
  }

  it.each(['thrown', 'rejected'] as const)(
    'fail the running job in words where they are %s in the engine, and the next start works',
    async (how) => {
      const project = join(directory, how)
      const { code, stderr } = await withDefect('corpus.import', how, ['import', corpus, '--project', project])
      expect(code).toBe(1)
      expect(stderr).toMatch(/^engine\/unexpected: .*a planted defect.*run again/m)
      expect(stderr).not.toMatch(/^ {4}at /m)
      const again = await isogloss('import', corpus, '--project', project)
      expect(again.code, again.stderr).toBe(0)
    },
  )

  it('refuse what waits for the engine in words', async () => {
    const { code, stderr } = await withDefect('doctor', 'thrown', ['doctor'], 0)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^engine\/unexpected: .*a planted defect/m)
  })

  it('end a command in words', async () => {
    const { code, stderr } = await withDefect(null, 'rejected', [
      'import',
      corpus,
      '--project',
      join(directory, 'command'),
    ])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^cli\/unexpected: .*a planted defect/m)
  })

  it('are none where standard input is a folder', () => {
    const project = join(directory, 'thrown')
    const script = `${JSON.stringify(process.execPath)} build/isogloss.mjs predict --project ${JSON.stringify(project)} --run 0123456789abcdef < ${JSON.stringify(directory)}`
    const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: resolve('.'), encoding: 'utf8', timeout: 60_000 })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^file\/not-a-file: /m)
  })

  it.skipIf(process.platform !== 'linux')(
    'are none where a device, a pipe or a folder is named as a source',
    async () => {
      const pipe = join(directory, 'pipe')
      expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
      const experiment = join(directory, 'zero.yaml')
      const project = join(directory, 'sources')
      for (const [args, words] of [
        [['import', '/dev/zero'], /^import\/file-missing: .*\/dev\/zero is a device/m],
        [['import', directory], /^import\/file-missing: .* is a folder/m],
        [['run', pipe], /^file\/not-a-file: .*pipe is a named pipe/m],
        [['labels', '/dev/zero'], /^file\/not-a-file: .* is a device/m],
        [['run', experiment], /^import\/file-missing: .*pipe is a named pipe/m],
      ] as const) {
        await writeFile(experiment, `name: zero\ncorpus: {train: ${pipe}}\n`)
        const { code, stderr } = await isogloss(...args, '--project', project)
        expect([args[0], code]).toEqual([args[0], 1])
        expect(stderr).toMatch(words)
      }
    },
  )
})
