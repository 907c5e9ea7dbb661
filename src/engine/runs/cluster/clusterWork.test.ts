import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clusterSummary, stepAdvice, stepWords } from '#pure/cluster/clusterWords.ts'
import { artefactStore } from '../artefactStore.ts'
import { cancelWork, clusterWork, stateOf, submissionsOf } from './clusterWork.ts'
import { readAccounts, readQueue } from './slurmQueue.ts'

/** As squeue of Slurm 22.05 wrote it, asked for our fields. */
const queue = `1|2|1|PENDING|JobArrayTaskLimit|1||
1|3|5|PENDING|Dependency|0||
1|4|0|RUNNING|None|0|n1|
7|7|N/A|PENDING|Priority|0||
`

describe('readQueue', () => {
  it('names tasks of arrays and plain jobs as Slurm does', () => {
    expect([...readQueue(queue)]).toEqual([
      ['1_1', { state: 'PENDING', reason: 'JobArrayTaskLimit', restarts: 1, node: null }],
      ['1_5', { state: 'PENDING', reason: 'Dependency', restarts: 0, node: null }],
      ['1_0', { state: 'RUNNING', reason: null, restarts: 0, node: 'n1' }],
      ['7', { state: 'PENDING', reason: 'Priority', restarts: 0, node: null }],
    ])
  })
})

describe('readAccounts', () => {
  it('cuts off who cancelled it', () => {
    expect([...readAccounts('1_0|CANCELLED by 1000|n1\n1_1|COMPLETED|None assigned\n')]).toEqual([
      ['1_0', { state: 'CANCELLED', reason: null, restarts: 0, node: 'n1' }],
      ['1_1', { state: 'COMPLETED', reason: null, restarts: 0, node: null }],
    ])
  })
})

describe('stateOf', () => {
  const task = (state: string, more = {}) => ({ state, reason: null, restarts: 0, node: null, ...more })
  it.each([
    ['done', true, task('FAILED')],
    ['waiting', false, task('PENDING', { reason: 'Dependency' })],
    ['queued', false, task('PENDING', { reason: 'Resources' })],
    ['requeued', false, task('PENDING', { reason: 'BeginTime', restarts: 1 })],
    ['running', false, task('COMPLETING')],
    ['failed', false, task('NODE_FAIL')],
    // It ended well and left nothing.
    ['failed', false, task('COMPLETED')],
    ['cancelled', false, task('CANCELLED')],
    ['failed', false, null],
  ] as const)('%s', (state, isThere, queued) => {
    expect(stateOf(isThere, queued, false)).toBe(state)
  })
  it('is unknown where Slurm is silent', () => {
    expect(stateOf(false, null, true)).toBe('unknown')
    expect(stateOf(true, null, true)).toBe('done')
  })
})

describe('clusterWork', () => {
  let directory: string
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
  afterEach(async () => {
    vi.unstubAllEnvs()
    await rm(directory, { recursive: true, force: true })
  })

  async function submission(number: number, jobs: string, names: string[]) {
    const folder = join(directory, 'slurm', 'us', String(number))
    await mkdir(join(folder, 'logs'), { recursive: true })
    await writeFile(join(folder, 'jobs.txt'), jobs)
    const steps = names.map((name, task) => ({
      ...{ job: 'runs-1', task, name, title: name, stage: 'training', id: `000000000000000${task}` },
    }))
    await writeFile(join(folder, 'steps.json'), JSON.stringify({ steps }))
    return folder
  }

  it('says where there is no Slurm, and of a step that was submitted twice what became of the later one', async () => {
    vi.stubEnv('PATH', directory)
    await submission(2, '12 runs-1\n', ['kd/nb'])
    await submission(10, '15 runs-1\n', ['kd/nb'])
    await mkdir(join(directory, 'slurm', 'us', 'mine'))
    const folders = await submissionsOf(directory, 'us')
    expect(folders.map((folder) => folder.split('/').at(-1))).toEqual(['2', '10'])
    await mkdir(join(directory, 'runs', '0000000000000000.checkpoint', 'state-1'), { recursive: true })
    const work = await clusterWork(artefactStore(directory), 'us', folders)
    expect(work).toMatchObject({
      silent: 'there is no squeue on this machine',
      steps: [{ name: 'kd/nb', task: '15_0', state: 'unknown', resumes: true }],
    })
    expect(work!.jobs).toEqual(['12', '15'])
    expect(clusterSummary(work!.steps)).toBe('0 of 1 steps done, 1 unknown')
    expect(stepWords(work!.steps[0]!)).toBe('unknown: there is a checkpoint')
    await expect(cancelWork(folders)).rejects.toThrow(/12, 15 could not be cancelled: there is no scancel/)
  })

  it('tells by the lock who makes what where Slurm is silent, and by the last line what became of the others', async () => {
    const folder = await submission(1, '12 runs-1\n', ['kd/nb', 'kd/mlp', 'kd/old'])
    await mkdir(join(directory, 'runs'))
    const lock = (task: number) => join(directory, 'runs', `000000000000000${task}.lock`)
    const holder = { host: 'n7', processId: 9, processStart: '', since: '', token: 't' }
    for (const task of [0, 2]) await writeFile(lock(task), JSON.stringify(holder))
    // Nobody has written to it for long.
    await utimes(lock(2), new Date(), new Date(Date.now() - 3_600_000))
    for (const [task, line] of ['epoch 3: fine', 'corpus/gone: no file'].entries())
      await writeFile(join(folder, 'logs', `us-runs-1-12_${task}.txt`), `77 [kd/x] ${line}\n`)
    const silent = () => Promise.resolve({ tasks: new Map(), silent: 'nobody answers' })
    const { steps } = (await clusterWork(artefactStore(directory), 'us', [folder], silent))!
    expect(steps.map(stepWords)).toEqual([
      'running: on n7, epoch 3: fine',
      'unknown: it last wrote “corpus/gone: no file”',
      'unknown',
    ])
  })

  it('asks Slurm of what is not there alone, and says why a task ended that wrote nothing of it', async () => {
    const folder = await submission(1, '12 runs-1\n', ['kd/nb', 'kd/mlp'])
    const asked: string[][] = []
    const over = (state: string, reason: string | null) => ({ state, reason, restarts: 0, node: null })
    const { steps } = (await clusterWork(artefactStore(directory), 'us', [folder], async (wanted) => {
      asked.push(wanted)
      return {
        silent: null,
        tasks: new Map([
          ['12_0', over('OUT_OF_MEMORY', 'OutOfMemory')],
          ['12_1', over('CANCELLED', 'DependencyNeverSatisfied')],
        ]),
      }
    }))!
    expect(asked).toEqual([['12_0', '12_1']])
    expect(steps.map(stepWords)).toEqual([
      'failed: it used more memory than it was given',
      'cancelled: what it needs failed',
    ])
    expect(steps.map(stepAdvice)).toEqual([
      'Give it more: raise memory in slurm.yaml, and submit it again.',
      'Mend what it needs first; then submit both again.',
    ])
  })

  it('is nothing before anything was submitted', async () => {
    expect(await clusterWork(artefactStore(directory), 'us', await submissionsOf(directory, 'us'))).toBeNull()
    expect(await cancelWork([join(directory, 'nowhere')])).toEqual([])
  })
})
