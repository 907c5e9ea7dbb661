import type { LabelMethodName } from '#protocol/labels/labels.ts'
import type { ModelTask } from '#protocol/models/description.ts'

export type SchemeRole = 'kd' | 'p2c' | 'kmeans' | 'cities' | 'own' | 'ink'

const roles: Record<LabelMethodName, SchemeRole> = {
  'kd-tree': 'kd',
  point2city: 'p2c',
  'k-means': 'kmeans',
  'han-cities': 'cities',
  polygons: 'own',
  column: 'own',
}

/** The colour of a label scheme by its method: blue for k-d, vermilion for P2C, green for k-means, purple for cities, ochre for a person's own, ink without labels. */
export const schemeRole = (method: LabelMethodName | null): SchemeRole => (method === null ? 'ink' : roles[method])

/** Models of one task are dashed, of several solid. */
export const isDashed = (tasks: readonly ModelTask[]): boolean => tasks.length === 1
