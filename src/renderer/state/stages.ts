import type { ProjectView } from '#protocol/methods.ts'
import type { Plan, PlanStep, StageName } from '#protocol/results.ts'

/** The stages of a study in the order in which one does them: what the rail lists. */
export const stages = [
  { id: 'project', title: 'Project' },
  { id: 'corpus', title: 'Corpus' },
  { id: 'experiment', title: 'Experiment' },
  { id: 'training', title: 'Training' },
  { id: 'labels', title: 'Labels' },
  { id: 'comparison', title: 'Comparison' },
  { id: 'tail', title: 'Error tail' },
  { id: 'map', title: 'Error map' },
  { id: 'document', title: 'Document' },
  { id: 'artefacts', title: 'Artefacts' },
] as const
export type StageId = (typeof stages)[number]['id']

export interface StageState {
  word: string
  tone: 'nothing' | 'ready' | 'running' | 'stale' | 'failed'
}

/** What the states of the stages follow from. */
export interface StudyFacts {
  project: ProjectView | null
  /** The experiment that is looked at, as it is on disk. */
  experiment: string | null
  /** It has changes that are not saved, or that cannot be. */
  draft: 'saved' | 'unsaved' | 'invalid'
  plan: Plan | null
  job: { phase: 'running' | 'ended' | 'failed'; stage: StageName | null; share: number | null } | null
}

const nothing: StageState = { word: 'nothing yet', tone: 'nothing' }
const ready: StageState = { word: 'ready', tone: 'ready' }

const stageOfWork: Record<StageName, StageId> = {
  import: 'corpus',
  vocabulary: 'training',
  labels: 'labels',
  embedding: 'training',
  training: 'training',
  evaluation: 'comparison',
}

/** A word and a tone for every stage of the rail. */
export function stageStates(facts: StudyFacts): Record<StageId, StageState> {
  const { project, experiment, plan, job } = facts
  const steps = plan?.steps ?? []
  const runs = steps.filter(({ stage }) => stage === 'training')
  const results = resultState(project, runs)
  const states: Record<StageId, StageState> = {
    project: project ? ready : nothing,
    corpus: project && project.corpora.length > 0 ? ready : nothing,
    experiment: experimentState(experiment, facts.draft),
    training: runs.length === 0 ? nothing : shareDone(runs),
    labels: labelState(project, steps.filter(({ stage }) => stage === 'labels')),
    comparison: results,
    tail: results,
    map: results,
    document: results,
    artefacts: project && project.artefacts.length > 0 ? { word: String(project.artefacts.length), tone: 'ready' } : nothing,
  }
  if (job?.phase === 'running') {
    states[job.stage ? stageOfWork[job.stage] : 'training'] = {
      word: job.share === null ? 'running' : `running ${Math.floor(100 * job.share)}%`,
      tone: 'running',
    }
  }
  if (job?.phase === 'failed') states[job.stage ? stageOfWork[job.stage] : 'training'] = { word: 'failed', tone: 'failed' }
  return states
}

function experimentState(experiment: string | null, draft: StudyFacts['draft']): StageState {
  if (draft === 'invalid') return { word: 'to mend', tone: 'failed' }
  if (draft === 'unsaved') return { word: 'unsaved', tone: 'stale' }
  return experiment ? ready : nothing
}

function shareDone(steps: PlanStep[]): StageState {
  const done = steps.filter(({ state }) => state === 'done').length
  if (done === steps.length) return ready
  return { word: `${done} of ${steps.length}`, tone: done > 0 ? 'stale' : 'nothing' }
}

/** Stale: what was made belongs to no experiment any more, and what the experiment asks for is not made. */
function isStale(project: ProjectView | null, kind: 'labels' | 'run'): boolean {
  return project?.artefacts.some((artefact) => artefact.kind === kind && artefact.experiments.length === 0) ?? false
}

function labelState(project: ProjectView | null, steps: PlanStep[]): StageState {
  if (steps.some(({ state }) => state === 'done')) return shareDone(steps)
  return isStale(project, 'labels') ? { word: 'stale', tone: 'stale' } : nothing
}

function resultState(project: ProjectView | null, runs: PlanStep[]): StageState {
  const done = runs.filter(({ state }) => state === 'done').length
  if (done === 0) return isStale(project, 'run') ? { word: 'stale', tone: 'stale' } : nothing
  return done === runs.length ? ready : { word: `${done} of ${runs.length} runs`, tone: 'stale' }
}
