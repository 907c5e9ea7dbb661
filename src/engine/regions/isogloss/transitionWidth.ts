import { total } from '../sites.ts'

export interface TransitionWidth {
  /** Upper 90 % bound of the kilometres in which the middle 80 % of the change happens; null where the data set none. */
  atMostKm: number | null
  /** Shares far from the line, on the other side and on the variant's own. */
  plateaus: [number, number]
}

const scales = 60
/** Of twice the difference of log-likelihoods: one side of 90 %. */
const cut = 1.642

/**
 * How sharp a line is: share against signed distance by a logistic curve with free plateaus, p = lo + (hi - lo) / (1 +
 * exp(-d / s)); the middle 80 % of the change take 2 ln 9 s. The line's own error widens the curve, so that only the upper
 * bound by profile likelihood is told.
 * @param distanceKm of each site from the line, positive on the variant's side
 * @param weights how much an informant of a site says, 0 to 1
 */
export function transitionWidth(
  distanceKm: Float64Array,
  { informants, users }: { informants: Float64Array; users: Float64Array },
  weights: Float64Array,
): TransitionWidth {
  const reach = distanceKm.reduce((most, km) => Math.max(most, Math.abs(km)), 0)
  const [shortest, longest] = [Math.max(reach / 2000, 0.05), Math.max(2 * reach, 0.1)]
  const yes = users.map((count, s) => weights[s]! * count)
  const no = informants.map((count, s) => weights[s]! * (count - users[s]!))
  const curve = Array.from({ length: scales }, (_, k) => {
    const scaleKm = shortest * (longest / shortest) ** (k / (scales - 1))
    return { scaleKm, ...plateausAt(distanceKm, yes, no, scaleKm) }
  })
  const best = curve.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a))
  const within = curve.filter(({ logLikelihood }) => 2 * (best.logLikelihood - logLikelihood) <= cut)
  const widest = within.at(-1)!
  return {
    atMostKm: widest === curve.at(-1) ? null : 2 * Math.log(9) * widest.scaleKm,
    plateaus: [best.low, best.high],
  }
}

/** The plateaus of greatest likelihood at a scale, by expectation and maximisation: a share is a mixture of the two. */
function plateausAt(distanceKm: Float64Array, yes: Float64Array, no: Float64Array, scaleKm: number) {
  const near = distanceKm.map((km) => 1 / (1 + Math.exp(-km / scaleKm)))
  const overall = total(yes) / (total(yes) + total(no))
  let [low, high] = [overall / 2, (1 + overall) / 2]
  let logLikelihood = -Infinity
  for (let step = 0; step < 500; step++) {
    let [lowYes, lowNo, highYes, highNo, sum] = [1e-9, 1e-9, 1e-9, 1e-9, 0]
    for (let s = 0; s < near.length; s++) {
      const p = low * (1 - near[s]!) + high * near[s]!
      sum += yes[s]! * Math.log(p) + no[s]! * Math.log(1 - p)
      const highOfYes = (yes[s]! * high * near[s]!) / p
      const highOfNo = (no[s]! * (1 - high) * near[s]!) / (1 - p)
      highYes += highOfYes
      highNo += highOfNo
      lowYes += yes[s]! - highOfYes
      lowNo += no[s]! - highOfNo
    }
    if (sum - logLikelihood < 1e-6) break
    logLikelihood = sum
    low = Math.min(1 - 1e-9, Math.max(1e-9, lowYes / (lowYes + lowNo)))
    high = Math.min(1 - 1e-9, Math.max(1e-9, highYes / (highYes + highNo)))
  }
  return { low, high, logLikelihood }
}
