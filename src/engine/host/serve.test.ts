import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MethodName, ProjectView } from '#protocol/methods.ts'
import type { Response } from '#protocol/wire.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import { codeOf, startEngine } from './testing/startEngine.ts'

let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterAll(() => rm(directory, { recursive: true }))

/** The answers to what is asked of an engine, all at once or so many milliseconds apart. */
async function answersTo(requests: { method: MethodName; params: unknown }[], apartMs = 0): Promise<Response[]> {
  const engine = startEngine()
  const answers = await Promise.all(
    requests.map(async ({ method, params }, i) => {
      if (apartMs > 0) await setTimeout(i * apartMs)
      return engine.answer(method, params)
    }),
  )
  await engine.stop()
  return answers
}

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
    expect(answers.map(codeOf)).toEqual([
      'project/not-found',
      'project/none-open',
      'wire/wrong-parameters',
      'wire/unknown-method',
    ])
  })

  it('keeps a job in the project that it was started in, whatever is opened while it waits', async () => {
    const [own, other] = [join(directory, 'own'), join(directory, 'other')]
    const engine = startEngine()
    for (const project of [other, own]) {
      await engine.request('project.create', { directory: project })
      await mkdir(join(project, 'corpora', 'x.tmp-1'), { recursive: true })
    }
    await writeFile(join(directory, 'corpus.tsv'), 'lat\tlon\ttext\n1\t2\ta\n3\t4\tb\n5\t6\tc\n')
    const unlock = await lockProject(own)
    const { job } = await engine.request<{ job: string }>('corpus.import', {
      corpus: {
        train: [join(directory, 'corpus.tsv')],
        split: 'none',
        columns: { text: 'text', lat: 'lat', lon: 'lon' },
      },
    })
    await setTimeout(300)
    await engine.request('project.open', { directory: other })
    await unlock()
    expect(await engine.ended(job)).toEqual({ job, outcome: 'finished' })
    expect(await readdir(join(other, 'corpora'))).toEqual(['x.tmp-1'])
    expect(await readdir(join(own, 'corpora'))).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)])
    await engine.stop()
  })

  it('opens a project with damaged files, says which they are, and cancels a check of every file', async () => {
    const project = join(directory, 'damaged')
    const engine = startEngine()
    await engine.request('project.create', { directory: project })
    await writeFile(join(directory, 'corpus.tsv'), 'lat\tlon\ttext\n1\t2\ta\n3\t4\tb\n5\t6\tc\n')
    const corpus = {
      train: [join(directory, 'corpus.tsv')],
      split: 'none',
      columns: { text: 'text', lat: 'lat', lon: 'lon' },
    }
    const importIt = async () => engine.ended((await engine.request<{ job: string }>('corpus.import', { corpus })).job)
    await importIt()
    const [id] = await readdir(join(project, 'corpora'))
    const run = join(project, 'runs', 'f'.repeat(16))
    await mkdir(run, { recursive: true })
    await writeFile(join(run, 'manifest.json'), '{}')
    await writeFile(join(project, 'corpora', id!, 'corpus.json'), '')
    await mkdir(join(project, 'experiments'))
    await writeFile(join(project, 'experiments', 'sources.json'), '[')

    const view = await engine.request<ProjectView>('project.open', { directory: project })
    expect(view.corpora).toEqual([])
    expect(view.artefacts.map(({ kind, damaged }) => [kind, damaged])).toEqual([
      ['corpus', expect.stringMatching(/^corpus\.json has 0 bytes, expected \d+$/)],
      ['run', expect.stringMatching(/^manifest\.json does not hold what it should/)],
    ])
    expect(
      (await engine.request<ProjectView>('artefact.delete', { kind: 'run', id: 'f'.repeat(16) })).artefacts,
    ).toHaveLength(1)
    expect(await importIt()).toMatchObject({ outcome: 'finished' })
    expect((await engine.request<ProjectView>('project.view', {})).corpora).toMatchObject([
      { id, documents: { train: 3 } },
    ])

    // A file of the right size with other bytes, and a long one that is being read when the cancel comes.
    const parquet = join(project, 'corpora', id!, 'documents.parquet')
    const bytes = await readFile(parquet)
    bytes[20]! ^= 1
    await writeFile(parquet, bytes)
    const check = async () => (await engine.request<{ job: string }>('project.verify', {})).job
    expect(await engine.ended(await check())).toMatchObject({ outcome: 'finished' })
    expect(await engine.request('project.verification', {})).toMatchObject({
      artefacts: 1,
      damaged: [
        {
          kind: 'corpus',
          id,
          file: join('corpora', id!, 'documents.parquet'),
          reason: expect.stringContaining('sha256') as string,
        },
      ],
    })
    const manifest = join(project, 'corpora', id!, 'manifest.json')
    const large = 8 * 2 ** 30
    await writeFile(
      manifest,
      (await readFile(manifest, 'utf8')).replace(`"bytes": ${bytes.length}`, `"bytes": ${large}`),
    )
    await truncate(parquet, large)
    const long = await check()
    await setTimeout(300)
    const cancelledAt = performance.now()
    await engine.request('job.cancel', { job: long })
    expect(await engine.ended(long)).toMatchObject({ outcome: 'cancelled' })
    expect(performance.now() - cancelledAt).toBeLessThan(1000)
    expect(await engine.request('project.verification', {})).toBeNull()
    await engine.stop()
  })

  it('stops opening a project when another one is asked for, or none', async () => {
    const project = join(directory, 'large')
    expect((await answersTo([{ method: 'project.create', params: { directory: project } }])).map(codeOf)).toEqual([
      'answered',
    ])
    await mkdir(join(project, 'experiments'))
    await writeFile(join(project, 'a.txt'), 'x\t47\t8\ttext\n')
    const seeds = Array.from({ length: 2500 }, (_, seed) => seed).join(', ')
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await writeFile(
        join(project, 'experiments', `${name}.yaml`),
        `name: ${name}\ncorpus: {train: ../a.txt}\nmatrix: {seeds: [${seeds}]}\n`,
      )
    }
    for (const next of [
      { method: 'project.close', params: {} },
      { method: 'project.create', params: { directory: join(directory, 'next') } },
    ] as const) {
      const answers = await answersTo([{ method: 'project.open', params: { directory: project } }, next], 30)
      expect(answers.map(codeOf)).toEqual(['project/left', 'answered'])
    }
  })
})
