import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Experiment } from '#protocol/experiment.ts'
import { ScriptedEngine, held, realEngine } from '../testing/engines.ts'
import { eventually } from '../testing/eventually.ts'
import { EngineConnection } from './engineConnection.ts'
import { ExperimentDraft } from './experimentDraft.svelte.ts'

const text = `# kept
name: x
corpus: {train: [a.txt]} # from a friend
labels:
  kd: {method: kd-tree, bucket: 40}
`

const notExpected = (error: unknown) => {
  throw error
}

describe('ExperimentDraft with the engine', () => {
  const connection = new EngineConnection()
  const engine = realEngine()
  let directory: string
  let draft: ExperimentDraft
  beforeAll(async () => {
    connection.attach(engine.port)
    directory = await mkdtemp(join(tmpdir(), 'isogloss-draft-'))
    await connection.request('project.create', { directory })
  })
  afterAll(async () => {
    connection.detach(new Error('The test is over.') as never)
    await engine.stop()
    await rm(directory, { recursive: true, force: true })
  })
  beforeEach(() => (draft = new ExperimentDraft(connection, notExpected)))

  it('fills in defaults of what is typed, a moment later', async () => {
    draft.write(text)
    expect(draft.effective).toBeNull()
    await eventually('the engine has answered', () => draft.effective !== null)
    expect(draft.effective?.preprocess).toMatchObject({ lowercase: true })
    expect([draft.dirty, draft.state]).toEqual([true, 'unsaved'])
  })

  it('names each mistake with its place and line, and keeps the last text that could be used', async () => {
    draft.write(text)
    await draft.check()
    draft.write(text.replace('bucket: 40', 'bucket: many').replace('name: x', 'name: x\npreprocess: {maxWords: none}'))
    expect(await draft.check()).toBe(false)
    expect(draft.problems.map(({ path, line }) => [path, line])).toEqual([
      ['preprocess.maxWords', 3],
      ['labels.kd.bucket', 6],
    ])
    expect(draft.problemAt('labels.kd.bucket')?.message).toMatch(/number/)
    expect([draft.state, draft.effective?.name]).toEqual(['invalid', 'x'])
    draft.write('name: [')
    expect(await draft.check()).toBe(false)
    expect(draft.problems).toMatchObject([{ path: '', line: expect.any(Number) as number }])
  })

  it('saves what can be used, with the comments that it had, and reads back what was written', async () => {
    draft.write(text)
    draft.set(['labels', 'kd', 'bucket'], 55)
    expect(await draft.save()).toBe('x')
    expect([draft.dirty, draft.state]).toEqual([false, 'saved'])
    const saved = await readFile(join(directory, 'experiments', 'x.yaml'), 'utf8')
    expect(draft.text).toBe(saved)
    expect(saved).toMatch(/# kept[\s\S]*# from a friend[\s\S]*bucket: 55/)
    draft.set(['labels', 'kd', 'bucket'], -1)
    await expect(draft.save()).rejects.toMatchObject({ code: 'experiment/invalid' })
    expect(await readFile(join(directory, 'experiments', 'x.yaml'), 'utf8')).toBe(saved)
  })
})

describe('ExperimentDraft, whatever the order of answers', () => {
  const read = (name: string) => ({ yaml: `name: ${name}\n`, experiment: { name } as Experiment })

  it('shows the experiment that was opened last', async () => {
    const engine = new ScriptedEngine()
    const draft = new ExperimentDraft(engine.connection, notExpected)
    const slow = held<ReturnType<typeof read>>()
    const slower = held<ReturnType<typeof read>>()
    engine.on('experiment.read', ({ name }) => (name === 'a' ? slow.answer : slower.answer))
    const first = draft.open('a')
    const second = draft.open('b')
    slow.give(read('a'))
    await first
    expect([draft.text, draft.loading]).toEqual(['', true])
    slower.give(read('b'))
    await second
    expect([draft.text, draft.loading]).toEqual(['name: b\n', false])
  })

  it('has loaded though something was typed meanwhile, which stays', async () => {
    const engine = new ScriptedEngine()
    const draft = new ExperimentDraft(engine.connection, notExpected)
    const slow = held<ReturnType<typeof read>>()
    engine.on('experiment.read', () => slow.answer)
    engine.on('experiment.complete', () => read('typed'))
    const opening = draft.open('a')
    draft.write('name: typed')
    await draft.check()
    slow.give(read('a'))
    await opening
    expect([draft.text, draft.loading]).toEqual(['name: typed', false])
  })

  it('is not loading any more once it is cleared', () => {
    const engine = new ScriptedEngine()
    const draft = new ExperimentDraft(engine.connection, notExpected)
    engine.on('experiment.read', () => held().answer)
    void draft.open('a')
    draft.clear()
    expect(draft.loading).toBe(false)
  })

  it('judges the text as it is now, not as it was', async () => {
    const engine = new ScriptedEngine()
    const draft = new ExperimentDraft(engine.connection, notExpected)
    const answers = [held<ReturnType<typeof read>>(), held<ReturnType<typeof read>>()]
    let asked = 0
    engine.on('experiment.complete', () => answers[asked++]!.answer)
    draft.write('name: a')
    const first = draft.check()
    draft.write('name: b')
    const second = draft.check()
    answers[1]!.give(read('b'))
    expect(await second).toBe(true)
    answers[0]!.give(read('a'))
    expect(await first).toBe(false)
    expect(draft.effective?.name).toBe('b')
  })

  it('tells whoever asked for it where the engine cannot be asked', async () => {
    const engine = new ScriptedEngine()
    const heard: unknown[] = []
    const draft = new ExperimentDraft(engine.connection, (error) => heard.push(error))
    draft.write('name: a')
    await eventually('it was told', () => heard.length > 0)
    expect(heard).toMatchObject([{ message: 'The test has no answer to experiment.complete.' }])
  })
})
