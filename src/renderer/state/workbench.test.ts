import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { generateSample } from '#engine/corpus/sample/generateSample.ts'
import { eventually } from '../testing/eventually.ts'
import { TestShell } from '../testing/shell.ts'

/** One person at one window with the real engine; the tests go on from one another. */

const shell = new TestShell()
const { Workbench } = await import('./workbench.svelte.ts')
const looked: (string | null)[] = []
class KeptState {
  look(experiment: string | null) {
    looked.push(experiment)
  }
}
const workbench = new Workbench({ comparison: KeptState, tail: undefined })
const { project, draft, importing, job, results, notices, navigation } = workbench

let directory: string
let study: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-workbench-'))
  study = join(directory, 'study')
  await generateSample({ directory: join(directory, 'corpus'), authors: 60, seed: 5 }, quietContext)
  shell.start = { recentProjects: [directory], inspectorOpen: false, theme: 'dark' }
  await workbench.begin()
}, 60_000)
afterAll(async () => {
  await shell.stop()
  await rm(directory, { recursive: true, force: true })
})

describe('Workbench', () => {
  it('begins with what the shell remembers, and an engine', () => {
    expect(project.recent).toEqual([directory])
    expect([navigation.inspectorOpen, navigation.dark]).toEqual([false, true])
    expect(workbench.engine.condition).toBe('ready')
    // TensorFlow is not loaded before something computes.
    expect(workbench.engine.device).toBeNull()
  })

  it('says why a folder cannot be opened, and stays where it is', async () => {
    await workbench.openProject(join(directory, 'nowhere'))
    expect(notices.list).toMatchObject([
      { kind: 'error', title: 'The project was not opened', code: 'project/not-found' },
    ])
    expect([project.view, project.opening]).toEqual([null, null])
  })

  it('makes a project where the person chooses, and shows what comes first', async () => {
    shell.folder = null
    await workbench.chooseProject('create')
    expect(project.view).toBeNull()
    shell.folder = study
    await workbench.chooseProject('create')
    expect(project.view?.directory).toBe(study)
    expect(notices.list).toEqual([])
    expect([navigation.view, shell.recent[0]]).toEqual(['corpus', study])
  })

  it('imports chosen files, and sets an experiment up for them', async () => {
    shell.files = [join(directory, 'corpus', 'train.txt.gz'), join(directory, 'corpus', 'test.txt.gz')]
    await workbench.chooseFiles()
    await eventually('the preview is there', () => importing.preview.value !== null)
    await workbench.importCorpus()
    expect(notices.list).toEqual([])
    expect(job.current).toMatchObject({ phase: 'finished', kind: 'import' })
    expect(shell.job).toBeNull()
    expect(project.view?.corpora).toHaveLength(1)
    expect(importing.files).toEqual([])
    expect([project.experiment, draft.state, looked.at(-1)]).toEqual(['study', 'saved', 'study'])
    await eventually('its plan is made', () => project.plan.value !== null)
    expect(project.corpus?.id).toBe(project.view?.corpora[0]?.id)
  })

  it('saves what is unsaved before it starts, and lets nobody leave while it runs', async () => {
    draft.set(['labels', 'kd', 'bucket'], 10)
    draft.set(['embeddings', 'epochs'], 1000)
    expect(draft.dirty).toBe(true)
    const ended = workbench.startExperiment()
    await eventually('word vectors are trained', () => job.stage === 'embedding' && job.current?.progress?.done !== 0)
    expect([draft.dirty, navigation.view, shell.job]).toEqual([false, 'training', 'Experiment study'])
    expect(await workbench.leaveProject()).toBe(false)
    expect(notices.list).toMatchObject([{ kind: 'warning', title: 'A job is running' }])
    await expect(
      job.run({ kind: 'import', title: 'x', experiment: null }, () => Promise.resolve({ job: 'x' })),
    ).rejects.toMatchObject({ code: 'job/busy' })
    await workbench.cancelJob()
    await ended
    expect(job.current?.phase).toBe('cancelled')
    // A cancel is no failure.
    expect(notices.list.filter(({ kind }) => kind === 'error')).toEqual([])
    expect(project.view?.unfinished).toBe('study')
  })

  it('offers to resume what was interrupted when the project is opened again', async () => {
    expect(await workbench.leaveProject()).toBe(true)
    expect([project.view, project.experiment, draft.text, job.current]).toEqual([null, null, '', null])
    expect(looked.at(-1)).toBeNull()
    await workbench.openProject(study)
    expect(notices.list).toMatchObject([
      { kind: 'warning', title: '“study” was interrupted', actions: [{ title: 'Resume' }] },
    ])
  })

  it('goes on with a fresh engine where one was killed under a job', async () => {
    const resumed = Promise.resolve(notices.list[0]?.actions[0]?.act())
    await eventually('it is at work again', () => job.stage === 'embedding' || job.stage === 'training')
    await shell.killEngine()
    await resumed
    expect(job.current).toMatchObject({ phase: 'failed', error: { code: 'engine/stopped' } })
    expect(notices.list).toMatchObject([{ title: 'The engine stopped', actions: [{ title: 'Resume “study”' }] }])
    await eventually('the next engine is there', () => workbench.engine.condition === 'ready')
    await project.refresh()
    await eventually('the runs are read again', () => results.runs.value !== null)
    expect(project.view?.experiments).toEqual(['study'])
  })

  it('says when an engine is not started again, and starts one when asked', async () => {
    notices.clear()
    await shell.killEngine(false)
    expect(workbench.engine.condition).toBe('stopped')
    const [notice] = notices.list
    expect(notice?.actions).toMatchObject([{ title: 'Start the engine again' }])
    await notice?.actions[0]?.act()
    await eventually('the engine is there', () => workbench.engine.condition === 'ready')
    await project.refresh()
    expect(project.view?.experiments).toEqual(['study'])
  })

  it('deletes an artefact, and plans anew', async () => {
    const vocabulary = project.view?.artefacts.find(({ kind }) => kind === 'vocabulary')
    expect(await workbench.deleteArtefact('vocabulary', vocabulary!.id, vocabulary!.title)).toBe(true)
    expect(await readdir(join(study, 'vocabularies'))).toEqual([])
    expect(project.plan.value?.steps.find(({ stage }) => stage === 'vocabulary')?.state).toBe('missing')
  })

  it('tells what is wrong with an experiment that cannot be read', async () => {
    notices.clear()
    await writeFile(join(study, 'experiments', 'broken.yaml'), 'name: [')
    await project.refresh()
    await workbench.lookAt('broken')
    expect(notices.list).toMatchObject([{ title: 'The experiment was not read' }])
    expect([project.experiment, draft.text]).toEqual(['broken', ''])
  })
})
