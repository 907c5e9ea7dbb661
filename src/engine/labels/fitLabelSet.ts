import type { LabelSettings } from '#protocol/labels/labels.ts'
import type { StageContext } from '#engine/context.ts'
import { checkPoints } from './checkPoints.ts'
import type { FittedLabelSet } from './fittedLabelSet.ts'
import type { LabelledDocuments } from './scheme.ts'
import { schemeOf } from './schemes.ts'

/**
 * Labels from training documents alone. One label is a legitimate result: `labels.length` tells.
 * @throws EngineError 'labels/no-points', 'labels/bad-point', 'gazetteer/missing', 'gazetteer/no-city'
 */
export async function fitLabelSet(
  settings: LabelSettings,
  train: LabelledDocuments,
  context: StageContext,
): Promise<FittedLabelSet> {
  checkPoints(train)
  return schemeOf(settings).fit(settings, train, context)
}
