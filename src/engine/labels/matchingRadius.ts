import type { Point2CitySettings } from '#protocol/labels/point2City.ts'
import type { StageContext } from '#engine/context.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import type { Points } from '#engine/geo/points.ts'
import { pause } from '#engine/pause.ts'
import { citiesOfPlaces, startingPlaces } from './point2City.ts'

/** Radii are searched in steps of 100 m, up to that of the settings' own bound. */
const stepsAKm = 10
const mostKm = 2000

/**
 * The radius of Point2City, in whole 100 m, whose number of labels is nearest to the one wanted among those that a search by halves
 * meets; ties go to the smaller radius. The number mostly falls with the radius, but not always, so that another may come nearer.
 */
export async function matchingRadiusKm(
  settings: Pick<Point2CitySettings, 'merge' | 'minPopulation'>,
  train: Points,
  labelCount: number,
  context: StageContext,
): Promise<number> {
  const gazetteer = await loadGazetteer(settings.minPopulation)
  const places = await startingPlaces(train, context)
  const inner = { ...context, report: () => undefined }
  const countOf = new Map<number, number>()
  const labelsAt = async (step: number) => {
    const radiusKm = step / stepsAKm
    const { cityOfLabel } = await citiesOfPlaces(places, { ...settings, radiusKm }, gazetteer, inner)
    countOf.set(step, cityOfLabel.length)
    context.report({ done: countOf.size, total: 16, unit: 'steps', title: `Point2City, ${radiusKm} km` })
    await pause(context)
    return cityOfLabel.length
  }
  let enough = 1
  let fewer = 11 * stepsAKm
  if ((await labelsAt(enough)) > labelCount) {
    while ((await labelsAt(fewer)) > labelCount && fewer < mostKm * stepsAKm) {
      enough = fewer
      fewer = Math.min(mostKm * stepsAKm, 2 * fewer)
    }
    while (fewer - enough > 1) {
      const middle = (enough + fewer) >> 1
      if ((await labelsAt(middle)) > labelCount) enough = middle
      else fewer = middle
    }
  }
  const nearest = [...countOf].reduce((best, found) =>
    Math.abs(found[1] - labelCount) - Math.abs(best[1] - labelCount) < 0 ||
    (Math.abs(found[1] - labelCount) === Math.abs(best[1] - labelCount) && found[0] < best[0])
      ? found
      : best,
  )
  return nearest[0] / stepsAKm
}
