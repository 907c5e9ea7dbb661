/**
 * How labels enter a region: by probability a square kilometre, or by probability, until enough of it is gathered; or all of
 * a probability a square kilometre at least.
 */
export type RegionRule = 'area' | 'probability' | 'threshold'

export interface LabelScores {
  /** Labels, first to enter first; ties go to the lower label. */
  order: Int32Array
  /** Of each label: the lower, the sooner it enters. Along the order it never falls. */
  scores: Float64Array
}

/**
 * The scores of a document's labels. For `area` and `probability` that of label l is the sum of the probabilities before it
 * + u p(l) (Romano, Sesia & Candes 2020): without u, the last label would enter whole, and regions of few labels be far too
 * large. For `threshold` it is -ln(p / A).
 * @param p probabilities that add up to 1
 * @param areasKm2 of each label, above 0
 * @param u uniform in [0, 1), a document's own
 */
export function labelScores(rule: RegionRule, p: Float64Array, areasKm2: Float64Array, u: number): LabelScores {
  const rank = rule === 'probability' ? p : p.map((value, label) => value / areasKm2[label]!)
  const order = Int32Array.from(p.keys()).sort((a, b) => rank[b]! - rank[a]! || a - b)
  const scores = new Float64Array(p.length)
  let before = 0
  for (const label of order) {
    scores[label] = rule === 'threshold' ? -Math.log(rank[label]!) : before + u * p[label]!
    before += p[label]!
  }
  return { order, scores }
}

/** The labels of the region in their order: those at or under their threshold, and always the first one. */
export const regionOf = ({ order, scores }: LabelScores, thresholds: Float64Array): Int32Array =>
  order.filter((label, place) => place === 0 || scores[label]! <= thresholds[label]!)

/**
 * The threshold under which a new score lies with a probability of the level at least: the ceil((m + 1) level)-th smallest of m
 * (Vovk, Gammerman & Shafer 2005; Papadopoulos et al. 2002).
 * @returns Infinity where there are too few
 */
export function thresholdOf(scores: number[], level: number): number {
  // A hair less, so that 0.9 x 100 is 90.
  const rank = Math.ceil((scores.length + 1) * level - 1e-9)
  return rank > scores.length ? Infinity : scores.slice().sort((a, b) => a - b)[rank - 1]!
}
