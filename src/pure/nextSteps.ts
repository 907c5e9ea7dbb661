/** A step as far as its turn depends on it. */
export interface OrderedStep {
  id: string
  /** Ids of the steps of the same plan whose results it reads. */
  needs: string[]
  /** About what it will hold, bytes; left out where that cannot be told yet. */
  memoryBytes?: number
}

/** How far the steps of a plan are, by their ids. */
export interface StepsSoFar {
  done: ReadonlySet<string>
  running: ReadonlySet<string>
  failed: ReadonlySet<string>
}

/** How much may run at once. */
export interface Capacity {
  jobs: number
  memoryBytes: number
}

/**
 * The steps that may begin now, in the order of the plan: all that they need is done, and there is room for them. This alone
 * decides what is next, for one process and for several; a cluster's scheduler is given the same needs as dependencies.
 * A step that fails holds up those that need it and no other. The first one of all is given memory in any case: whether
 * the machine can do it at all is checked where it is done.
 */
export function nextSteps<Step extends OrderedStep>(
  steps: Step[],
  { done, running, failed }: StepsSoFar,
  { jobs, memoryBytes }: Capacity,
): Step[] {
  const inPlan = new Set(steps.map(({ id }) => id))
  const chosen: Step[] = []
  let bytes = steps.filter(({ id }) => running.has(id)).reduce((sum, step) => sum + (step.memoryBytes ?? 0), 0)
  for (const step of steps) {
    if (running.size + chosen.length >= jobs) break
    if (done.has(step.id) || running.has(step.id) || failed.has(step.id)) continue
    if (!step.needs.every((id) => done.has(id) || !inPlan.has(id))) continue
    const needed = step.memoryBytes ?? 0
    if (bytes + needed > memoryBytes && running.size + chosen.length > 0) continue
    chosen.push(step)
    bytes += needed
  }
  return chosen
}

/** Some steps of a plan and all that they need, in the order of the plan. */
export function withNeeds<Step extends OrderedStep>(steps: Step[], chosen: Iterable<string>): Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const wanted = new Set<string>()
  const add = (id: string) => {
    if (wanted.has(id)) return
    wanted.add(id)
    byId.get(id)?.needs.forEach(add)
  }
  for (const id of chosen) add(id)
  return steps.filter(({ id }) => wanted.has(id))
}
