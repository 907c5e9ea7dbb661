import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { EngineEvents } from '#protocol/events.ts'
import type { DoctorReport } from '#protocol/machine.ts'
import type { MethodName, ProjectView } from '#protocol/methods.ts'
import type { FromEngine } from '#protocol/wire.ts'
import { isogloss } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let engine: ChildProcess
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterAll(async () => {
  engine?.disconnect()
  await rm(directory, { recursive: true })
})

let id = 0
function ask<T>(method: MethodName, params: unknown): Promise<T> {
  const mine = ++id
  return new Promise((answered, refused) => {
    const hear = (message: FromEngine) => {
      if (message.kind !== 'response' || message.id !== mine) return
      engine.off('message', hear)
      if ('error' in message) refused(new Error(message.error.message))
      else answered(message.result as T)
    }
    engine.on('message', hear)
    engine.send({ kind: 'request', id: mine, method, params })
  })
}

const jobEnd = () =>
  new Promise<EngineEvents['job.finished']>((ended) =>
    engine.on(
      'message',
      (message: FromEngine) => message.kind === 'event' && message.event === 'job.finished' && ended(message.payload),
    ),
  )

/** The libraries of native packages that are in the engine's memory. */
async function libraries(): Promise<string[]> {
  const maps = await readFile(`/proc/${engine.pid}/maps`, 'utf8')
  return ['libtensorflow', 'libduckdb'].filter((name) => maps.includes(name))
}

it.skipIf(process.platform !== 'linux')(
  'an engine loads TensorFlow for none of an import, a plan and results',
  { timeout: 180_000 },
  async () => {
    const models = '  nb: {method: naive-bayes}\n'
    const file = await smallExperiment(directory)
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace(/^ {2}(stl|mtl): .*\n/gm, '').replace('models:\n', `models:\n${models}`),
    )
    const project = join(directory, 'project')
    const run = await isogloss('run', file, '--project', project)
    expect(run.code, run.stderr).toBe(0)

    engine = fork(resolve(import.meta.dirname, '../../../out/node/engineProcess.js'), [], {
      serialization: 'advanced',
      execArgv: [],
    })
    const { runs } = await ask<ProjectView>('project.open', { directory: project })
    expect(await libraries()).toEqual([])
    const name = 'small'
    await ask('experiment.plan', { name })
    await ask('experiment.comparison', { name })
    await ask('experiment.labelSets', { name })
    await ask('labels.map', { experiment: name, labels: 'kd' })
    await ask('run.errors', { run: runs[0]!.id })
    await ask('run.document', { run: runs[0]!.id, row: 0 })
    await writeFile(
      join(directory, 'six.txt'),
      Array.from({ length: 6 }, (_, i) => `u${i}\t4${i}.5\t8\tgrüezi ${i}\n`).join(''),
    )
    const ended = jobEnd()
    await ask('corpus.import', { corpus: { train: join(directory, 'six.txt'), split: 'none' } })
    expect(await ended).toMatchObject({ outcome: 'finished' })
    expect(await libraries()).toEqual(['libduckdb'])

    const { device } = await ask<DoctorReport>('doctor', {})
    if (device.native) expect(await libraries()).toContain('libtensorflow')
  },
)
