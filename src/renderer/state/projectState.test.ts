import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import { realEngine } from '../testing/engines.ts'
import { eventually } from '../testing/eventually.ts'
import { TestShell } from '../testing/shell.ts'
import { EngineConnection } from './engineConnection.ts'

const shell = new TestShell()
const { ProjectState } = await import('./projectState.svelte.ts')
const connection = new EngineConnection()
let engine = realEngine()
const project = new ProjectState(connection)
let directory: string

beforeAll(async () => {
  connection.attach(engine.port)
  directory = await mkdtemp(join(tmpdir(), 'isogloss-project-'))
})
afterAll(async () => {
  await engine.stop()
  await shell.stop()
  await rm(directory, { recursive: true, force: true })
})

const experiment = (name: string) =>
  `name: ${name}\ncorpus: {train: [${join(directory, 'rows.txt')}], split: {dev: 0.1, test: 0.1}}\n`

describe('ProjectState', () => {
  it('creates a project and is remembered by the shell', async () => {
    const opening = project.open(join(directory, 'study'), true)
    expect(project.opening).toBe(join(directory, 'study'))
    await opening
    expect([project.opening, project.experiment, project.recent]).toEqual([null, null, [join(directory, 'study')]])
  })

  it('keeps what is open when another cannot be opened', async () => {
    await expect(project.open(directory)).rejects.toMatchObject({ code: 'project/not-found' })
    expect([project.view?.name, project.opening]).toEqual(['study', null])
  })

  it('plans the experiment that is looked at, and no other', async () => {
    await writeFile(
      join(directory, 'rows.txt'),
      [...Array(50).keys()].map((i) => `a${i}\t${30 + i / 10}\t-90\tsome words`).join('\n'),
    )
    for (const name of ['one', 'two']) await connection.request('experiment.save', { yaml: experiment(name) })
    await project.refresh()
    expect(project.view?.experiments).toEqual(['one', 'two'])
    project.choose('one')
    project.choose('two')
    await eventually('a plan is made', () => project.plan.current.state === 'ready')
    expect(project.plan.value?.experiment).toBe('two')
    // It is planned, but nothing of it is made.
    expect(project.corpus).toBeNull()
    project.choose(null)
    expect(project.plan.current.state).toBe('idle')
  })

  it('says why an experiment cannot be planned', async () => {
    project.choose('three')
    await eventually('the plan has failed', () => project.plan.current.state === 'failed')
    project.choose('one')
    await eventually('a plan is made', () => project.plan.current.state === 'ready')
  })

  it('opens itself again in a fresh engine, with what was looked at', async () => {
    connection.detach(new EngineError('engine/stopped', 'The engine stopped.'))
    await engine.stop()
    engine = realEngine()
    connection.attach(engine.port)
    await expect(connection.request('project.view', {})).rejects.toMatchObject({ code: 'project/none-open' })
    await project.reopen()
    expect([project.view?.name, project.experiment, project.plan.value?.experiment]).toEqual(['study', 'one', 'one'])
    await project.close()
    expect([project.view, project.experiment]).toEqual([null, null])
  })
})
