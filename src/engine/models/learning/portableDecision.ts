import type { Points } from '#engine/geo/points.ts'
import { riskTableOf } from './decide.ts'
import type { PlaceRule } from './placeRule.ts'

/**
 * A rule for places as every program outside can follow it: the candidate c of least sum over labels l of losses[c, l] a(l), with
 * a ~ prior (posterior / prior)^sharpen. null: the most probable label's centre.
 */
export interface PortableDecision {
  sharpen: number
  prior: number[]
  candidates: { lat: number[]; lon: number[] }
  /** Whether candidate c is the centre of label c, which is then the answer's label; else that is the most probable one. */
  areLabels: boolean
}

export function portableDecision(
  rule: PlaceRule,
  centres: Points,
): { decision: PortableDecision; losses: Float32Array } | null {
  if (rule === 'most-probable') return null
  const plain = ({ lat, lon }: Points) => ({ lat: Array.from(lat), lon: Array.from(lon) })
  if (rule === 'least-risk') {
    const prior = Array.from(centres.lat, () => 1 / centres.lat.length)
    return {
      decision: { sharpen: 1, prior, candidates: plain(centres), areLabels: true },
      losses: riskTableOf(centres),
    }
  }
  const { sharpen, prior, candidates, losses } = rule
  return { decision: { sharpen, prior: Array.from(prior), candidates: plain(candidates), areLabels: false }, losses }
}
