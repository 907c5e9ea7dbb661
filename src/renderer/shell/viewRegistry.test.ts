import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { ProjectView } from '#protocol/methods.ts'
import type { PlanStep } from '#protocol/project.ts'
import { viewIds } from '#protocol/views.ts'
import type { StudyFacts } from '../views/viewStatus.ts'

// The page's globals that components and the bridge look at when they are loaded.
vi.stubGlobal('window', {})
const { registry, statusesOf, viewStates } = await import('./viewRegistry.ts')

const project: ProjectView = {
  directory: '/p',
  name: 'p',
  formatVersion: 1,
  corpora: [],
  experiments: ['x'],
  artefacts: [],
  runs: [],
  unfinished: null,
}
const step = (
  stage: PlanStep['stage'],
  state: PlanStep['state'],
  id = `${stage}${Math.abs(stage.length)}`,
): PlanStep => ({ stage, state, id, title: id, needs: [] })
const facts = (more: Partial<StudyFacts>): StudyFacts => ({
  project,
  experiment: 'x',
  draft: 'saved',
  plan: null,
  job: null,
  ...more,
})

describe('the registry of views', () => {
  it('has every view of the protocol, and no folder beside', () => {
    const folders = readdirSync(join(import.meta.dirname, '../views'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    expect(folders.map(({ name }) => name).sort()).toEqual([...viewIds].sort())
    expect(Object.keys(registry)).toEqual(viewIds)
  })

  it('names the views that keep something', () => {
    expect(viewIds.filter((id) => viewStates[id])).toEqual([
      'explore',
      'training',
      'granularity',
      'comparison',
      'attention',
      'document',
      'predict',
    ])
  })

  it('gives each stage of a job to one view', () => {
    const work = viewIds.flatMap((id) => registry[id].work ?? [])
    expect(work.sort()).toEqual(['embedding', 'evaluation', 'import', 'labels', 'training', 'vocabulary'])
  })
})

describe('statusesOf', () => {
  it('says nothing yet where nothing is', () => {
    const states = statusesOf({ project: null, experiment: null, draft: 'saved', plan: null, job: null })
    expect(new Set(Object.values(states).map(({ word }) => word))).toEqual(new Set(['nothing yet']))
  })

  it('counts runs, and calls results ready when all are there', () => {
    const half = [step('labels', 'done'), step('training', 'done', 'a'), step('training', 'missing', 'b')]
    expect(
      statusesOf(facts({ plan: { experiment: 'x', steps: half, machine: { threads: 1, memoryBytes: 1 } } })),
    ).toMatchObject({
      labels: { word: 'ready' },
      training: { word: '1 of 2' },
      comparison: { word: '1 of 2 runs', tone: 'stale' },
    })
    const all = half.map((one): PlanStep => ({ ...one, state: 'done' }))
    expect(
      statusesOf(facts({ plan: { experiment: 'x', steps: all, machine: { threads: 1, memoryBytes: 1 } } })),
    ).toMatchObject({
      training: { word: 'ready' },
      document: { word: 'ready' },
    })
  })

  it('shows a running job and a failed one at their stage', () => {
    expect(statusesOf(facts({ job: { phase: 'running', stage: 'embedding', share: 0.439 } })).training).toEqual({
      word: 'running 43%',
      tone: 'running',
    })
    expect(statusesOf(facts({ job: { phase: 'failed', stage: 'import', share: null } })).corpus.tone).toBe('failed')
    expect(statusesOf(facts({ job: { phase: 'ended', stage: 'import', share: 1 } })).corpus.tone).toBe('nothing')
  })

  it('calls results stale that belong to no experiment any more', () => {
    const left = {
      kind: 'run' as const,
      id: 'r',
      bytes: 1,
      createdAt: '',
      experiments: [] as string[],
      title: '',
      damaged: null,
    }
    const states = statusesOf(
      facts({
        project: { ...project, artefacts: [left] },
        plan: { experiment: 'x', steps: [step('training', 'missing')], machine: { threads: 1, memoryBytes: 1 } },
      }),
    )
    expect(states.comparison.word).toBe('stale')
  })

  it('shows an experiment that cannot be saved before anything else of it', () => {
    expect(statusesOf(facts({ draft: 'invalid' })).experiment).toEqual({ word: 'has errors', tone: 'failed' })
    expect(statusesOf(facts({ draft: 'unsaved' })).experiment.word).toBe('unsaved')
  })
})
