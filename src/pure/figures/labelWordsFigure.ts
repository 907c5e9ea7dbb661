import type { LabelMap } from '#protocol/labelSets.ts'
import type { LabelAttention, RunSummary } from '#protocol/runs.ts'
import { dotted, stroked, type FigureOptions } from './frame.ts'
import { borderLines } from './labelsFigure.ts'
import type { Ground } from './landOfFigure.ts'
import { linesPath, mapFigure } from './mapFigure.ts'
import { countText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { placedNames } from './placedNames.ts'
import { runTitle } from './runFigures.ts'
import { element } from './svg.ts'

/**
 * The word of each label that has the greatest effect in its documents, or most attention, at the label's centre; labels of most
 * documents first.
 */
export function labelWordsFigure(
  attended: LabelAttention[],
  measure: 'effect' | 'attention',
  run: RunSummary,
  labels: LabelMap,
  ground: Ground,
  options: FigureOptions,
): string {
  const paint = paintOf(options.grey)
  const line = { stroke: paint.soft, 'stroke-width': 0.5 }
  return mapFigure(ground, paint, options, {
    title: options.title ?? `${runTitle(run)}: the words ${measure === 'effect' ? 'that decide' : 'it looks at'}`,
    caption: `At the centre of each of ${countText(attended.length)} labels, as far as there is room, the word ${
      measure === 'effect'
        ? 'without which the label loses most of its log-odds'
        : 'with most attention above the uniform one'
    } in the test documents for which the label is the most probable.`,
    legend: [
      { label: 'border of territories', draw: stroked(line) },
      { label: 'label’s centre', draw: dotted(1.8, { fill: '#ffffff', stroke: paint.ink, 'stroke-width': 0.8 }) },
    ],
    under: () => '',
    over: (plane) =>
      element('path', { d: linesPath(borderLines(labels), plane), fill: 'none', ...line }) +
      placedNames(
        attended
          .toSorted((a, b) => b.documents - a.documents || a.label - b.label)
          .map(({ lon, lat, effects, words }) => ({
            lon,
            lat,
            name: (measure === 'effect' ? effects : words)[0]?.word ?? '',
            repeats: true,
          })),
        plane,
        paint,
      ),
  })
}
