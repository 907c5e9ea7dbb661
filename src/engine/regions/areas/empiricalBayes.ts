/** Counts of areas: `users[i]` of `informants[i]` (above 0). */
export interface AreaCounts {
  users: Float64Array
  informants: Float64Array
}

export interface EmpiricalBayes {
  /** The share of all users among all informants. */
  share: number
  /** What the areas' true rates vary by, beyond chance; below 0 where they vary by less than chance has them. */
  variance: number
}

/** Moments of the rates' distribution between areas (Marshall 1991, "Mapping disease and mortality rates", global form). */
export function empiricalBayes({ users, informants }: AreaCounts): EmpiricalBayes {
  const all = sum(informants)
  const share = sum(users) / all
  let squares = 0
  for (let i = 0; i < users.length; i++) squares += informants[i]! * (users[i]! / informants[i]! - share) ** 2
  return { share, variance: squares / all - share / (all / users.length) }
}

/** Each rate drawn towards the overall share, the more the fewer its informants. */
export function smoothedRates({ users, informants }: AreaCounts, { share, variance }: EmpiricalBayes): Float64Array {
  const between = Math.max(0, variance)
  return Float64Array.from(users, (count, i) => {
    const trust = between === 0 ? 0 : between / (between + share / informants[i]!)
    return trust * (count / informants[i]!) + (1 - trust) * share
  })
}

/**
 * Rates as deviations from the overall share in units of their own standard deviations (Assunção & Reis 1999), so that
 * rates of few informants, which vary by chance, weigh no more than others. Where the variance is none, that of chance is taken.
 */
export function standardisedRates(
  { users, informants }: AreaCounts,
  { share, variance }: EmpiricalBayes,
): Float64Array {
  return Float64Array.from(users, (count, i) => {
    const chance = share / informants[i]!
    const total = variance + chance
    return (count / informants[i]! - share) / Math.sqrt(total < 0 ? chance : total)
  })
}

function sum(values: Float64Array): number {
  return values.reduce((all, value) => all + value, 0)
}
