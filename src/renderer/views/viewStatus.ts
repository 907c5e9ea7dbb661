import type { ProjectView } from '#protocol/methods.ts'
import type { Plan, PlanStep, StageName } from '#protocol/project.ts'

/** How far a view's part of the study is: a word for the rail and how it is drawn. */
export interface ViewStatus {
  word: string
  tone: 'nothing' | 'ready' | 'running' | 'stale' | 'failed'
}

/** What the statuses of the views follow from. */
export interface StudyFacts {
  project: ProjectView | null
  /** The experiment that is looked at, as it is on disk. */
  experiment: string | null
  /** It has changes that are not saved, or that cannot be. */
  draft: 'saved' | 'unsaved' | 'invalid'
  plan: Plan | null
  /** `stage` is null until the job has begun one, `share` until it is known. */
  job: { phase: 'running' | 'ended' | 'failed'; stage: StageName | null; share: number | null } | null
}

export const nothing: ViewStatus = { word: 'nothing yet', tone: 'nothing' }
export const ready: ViewStatus = { word: 'ready', tone: 'ready' }

export function stepsOf({ plan }: StudyFacts, stage: StageName): PlanStep[] {
  return plan?.steps.filter((step) => step.stage === stage) ?? []
}

export function shareDone(steps: PlanStep[]): ViewStatus {
  const done = steps.filter(({ state }) => state === 'done').length
  if (done === steps.length) return ready
  return { word: `${done} of ${steps.length}`, tone: done > 0 ? 'stale' : 'nothing' }
}

/** Of what has nothing to show: whether there are artefacts of its kind that no experiment uses any more. */
export function unusedOrNothing({ project }: StudyFacts, kind: 'labels' | 'run'): ViewStatus {
  const unused = project?.artefacts.some((artefact) => artefact.kind === kind && artefact.experiments.length === 0)
  return unused ? { word: 'stale', tone: 'stale' } : nothing
}

/** Of a view that shows what finished runs have brought. */
export function resultStatus(facts: StudyFacts): ViewStatus {
  const runs = stepsOf(facts, 'training')
  const done = runs.filter(({ state }) => state === 'done').length
  if (done === 0) return unusedOrNothing(facts, 'run')
  return done === runs.length ? ready : { word: `${done} of ${runs.length} runs`, tone: 'stale' }
}
