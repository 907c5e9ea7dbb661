import type { LabelMethodName, LabelSettings } from '#protocol/labels/labels.ts'
import { columnScheme } from './columnScheme.ts'
import { hanCitiesScheme } from './hanCitiesScheme.ts'
import { kMeansScheme } from './kMeansScheme.ts'
import { kdTreeScheme } from './kdTreeScheme.ts'
import { point2CityScheme } from './point2CityScheme.ts'
import { polygonsScheme } from './polygonsScheme.ts'
import type { LabelScheme } from './scheme.ts'

/** Every label scheme by the name of its method in an experiment file. */
export const labelSchemes: { [Name in LabelMethodName]: LabelScheme<Extract<LabelSettings, { method: Name }>> } = {
  'kd-tree': kdTreeScheme,
  point2city: point2CityScheme,
  'k-means': kMeansScheme,
  'han-cities': hanCitiesScheme,
  polygons: polygonsScheme,
  column: columnScheme,
}

/** The scheme of some settings; it is called with these settings alone. */
export const schemeOf = (settings: LabelSettings): LabelScheme<LabelSettings> =>
  labelSchemes[settings.method] as LabelScheme<LabelSettings>
