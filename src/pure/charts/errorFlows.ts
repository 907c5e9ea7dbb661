import type { RunErrors } from '#protocol/runs.ts'
import { quantileOfSorted } from '../quantiles.ts'

/** Test documents of one label's territory that a run puts in another's. */
export interface ErrorFlow {
  from: number
  to: number
  /** Places in the run's arrays, nearest guess first. */
  members: number[]
  medianKm: number
}

/** What goes from territory to territory, most documents first; ties by labels. Empty where the model knows no labels. */
export function errorFlows({ labels, guessedLabels, errorKm }: RunErrors): ErrorFlow[] {
  if (!labels || !guessedLabels) return []
  const found = new Map<string, ErrorFlow>()
  for (let i = 0; i < labels.length; i++) {
    const [from, to] = [labels[i]!, guessedLabels[i]!]
    // What has no label lies in no territory.
    if (from === to || from < 0 || to < 0) continue
    const key = `${from} ${to}`
    const flow = found.get(key) ?? { from, to, members: [], medianKm: 0 }
    flow.members.push(i)
    found.set(key, flow)
  }
  for (const flow of found.values()) {
    flow.members.sort((a, b) => errorKm[a]! - errorKm[b]! || a - b)
    flow.medianKm = quantileOfSorted(
      Float64Array.from(flow.members, (i) => errorKm[i]!),
      0.5,
    )
  }
  return [...found.values()].sort((a, b) => b.members.length - a.members.length || a.from - b.from || a.to - b.to)
}

/** How broad a flow is drawn, by its share of the greatest: three steps, so that one layer draws each. */
export const flowWidthsPx = [1.2, 3, 6]

export function flowsByWidth(flows: ErrorFlow[]): ErrorFlow[][] {
  const most = flows[0]?.members.length ?? 1
  const stepOf = ({ members }: ErrorFlow) => (members.length > (2 * most) / 3 ? 2 : members.length > most / 3 ? 1 : 0)
  return flowWidthsPx.map((_, step) => flows.filter((flow) => stepOf(flow) === step))
}
