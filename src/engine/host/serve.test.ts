import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FromEngine, Request, Response } from '#protocol/wire.ts'
import { serve } from './serve.ts'

let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterAll(() => rm(directory, { recursive: true }))

/** An engine and the answers to what is asked of it, all at once or so many milliseconds apart. */
async function answersTo(requests: Omit<Request, 'kind' | 'id'>[], apartMs = 0): Promise<Response[]> {
  let listener: (message: unknown) => void = () => undefined
  const answers: Response[] = []
  let done: () => void = () => undefined
  const all = new Promise<void>((resolve) => (done = resolve))
  const engine = serve({
    send: (message: FromEngine) => {
      if (message.kind === 'response' && answers.push(message) === requests.length) done()
    },
    receive: (wanted) => (listener = wanted),
  })
  for (const [id, request] of requests.entries()) {
    if (id > 0 && apartMs > 0) await setTimeout(apartMs)
    listener({ kind: 'request', id, ...request })
  }
  await all
  await engine.stop()
  return answers.sort((a, b) => a.id - b.id)
}

const codeOf = (answer: Response | undefined) => (answer && 'error' in answer ? answer.error.code : 'answered')

describe('serve', () => {
  it('opens a project before it answers what was asked after it', async () => {
    const project = join(directory, 'project')
    const answers = await answersTo([
      { method: 'project.view', params: {} },
      { method: 'project.create', params: { directory: project } },
      { method: 'project.view', params: {} },
      { method: 'project.lastExperiment', params: {} },
    ])
    expect(answers.map(codeOf)).toEqual(['project/none-open', 'answered', 'answered', 'answered'])
  })

  it('answers on after a project that cannot be opened, and refuses what it does not know', async () => {
    const answers = await answersTo([
      { method: 'project.open', params: { directory: join(directory, 'nowhere') } },
      { method: 'project.view', params: {} },
      { method: 'project.open', params: { folder: 'x' } },
      { method: 'nonsense' as 'doctor', params: {} },
    ])
    expect(answers.map(codeOf)).toEqual(['project/not-found', 'project/none-open', 'wire/wrong-parameters', 'wire/unknown-method'])
  })

  it('stops opening a project when another one is asked for, or none', async () => {
    const project = join(directory, 'large')
    expect((await answersTo([{ method: 'project.create', params: { directory: project } }])).map(codeOf)).toEqual(['answered'])
    await mkdir(join(project, 'experiments'))
    await writeFile(join(project, 'a.txt'), 'x\t47\t8\ttext\n')
    const seeds = Array.from({ length: 2500 }, (_, seed) => seed).join(', ')
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await writeFile(join(project, 'experiments', `${name}.yaml`), `name: ${name}\ncorpus: {train: ../a.txt}\nmatrix: {seeds: [${seeds}]}\n`)
    }
    for (const next of [{ method: 'project.close', params: {} }, { method: 'project.create', params: { directory: join(directory, 'next') } }] as const) {
      const answers = await answersTo([{ method: 'project.open', params: { directory: project } }, next], 30)
      expect(answers.map(codeOf)).toEqual(['project/left', 'answered'])
    }
  })
})
