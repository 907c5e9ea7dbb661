import type { TestCountries } from '#engine/evaluation/condition.ts'
import { countryFinder } from '#engine/gazetteer/countryFinder.ts'
import type { Points } from '#engine/geo/points.ts'

/** Share of documents outside of the commonest country from which on there are several: near a border some always are. */
const leastAbroad = 0.01

/** The countries of the test documents; null where as good as all lie in one: there is nothing to tell then. */
export async function testCountries(truth: Points): Promise<TestCountries | null> {
  const find = await countryFinder()
  const of = find(truth)
  const documents = new Map<string, number>()
  for (const country of of) documents.set(country, (documents.get(country) ?? 0) + 1)
  return of.length - Math.max(...documents.values()) >= leastAbroad * of.length ? { of, find } : null
}
