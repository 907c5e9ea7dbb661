import type { LabelSetSummary } from '#protocol/results.ts'
import type { ColourRole } from './palette.ts'

type Method = LabelSetSummary['method']

/** The method of a label set that is known by its name only: experiments name theirs freely, most after the method. */
function methodOf(name: string): Method | null {
  if (/p2c|point2city|city|cities/i.test(name)) return 'point2city'
  return /k-?d|tree|cell/i.test(name) ? 'kd-tree' : null
}

/** Blue for k-d, vermilion for P2C, ink for what is neither. */
export function schemeRole(name: string | null, method?: Method): ColourRole {
  switch (method ?? methodOf(name ?? '')) {
    case 'kd-tree':
      return 'kd'
    case 'point2city':
      return 'p2c'
    default:
      return 'ink'
  }
}

/** Single-task models are dashed, multi-task ones solid. */
export function isDashed(model: string): boolean {
  return /stl|single/i.test(model)
}

export const methodTitles: Record<Method, string> = {
  'kd-tree': 'k-d tree',
  point2city: 'Point2City',
}
