import { z } from 'zod'
import { columnLabels, columnLabelSettings } from './column.ts'
import type { LabelDescription } from './description.ts'
import { hanCities, hanCitiesSettings } from './hanCities.ts'
import { kdTree, kdTreeSettings } from './kdTree.ts'
import { kMeans, kMeansSettings } from './kMeans.ts'
import { point2City, point2CitySettings } from './point2City.ts'
import { polygons, polygonsSettings } from './polygons.ts'

/** The label schemes of experiment files; a scheme that names no method is the first. */
export const labelSettings = z.discriminatedUnion('method', [
  kdTreeSettings,
  point2CitySettings,
  kMeansSettings,
  hanCitiesSettings,
  polygonsSettings,
  columnLabelSettings,
])
export type LabelSettings = z.infer<typeof labelSettings>
export type LabelMethodName = LabelSettings['method']

export const labelDescriptions: Record<LabelMethodName, LabelDescription> = {
  'kd-tree': kdTree,
  point2city: point2City,
  'k-means': kMeans,
  'han-cities': hanCities,
  polygons,
  column: columnLabels,
}

export const labelMethodName = z.enum(Object.keys(labelDescriptions) as LabelMethodName[])

/** Files that labels are made from beside the corpus, as the experiment names them. */
export const filesOfLabels = (settings: LabelSettings): string[] => ('file' in settings ? [settings.file] : [])

/** The scheme that some settings name to have as many labels as; null for none. */
export const matchOf = (settings: LabelSettings): string | null =>
  'match' in settings ? (settings.match ?? null) : null
