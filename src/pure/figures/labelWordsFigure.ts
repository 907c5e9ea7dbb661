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

/** The word that a network looks at most in the documents of each label, at the label's centre; labels of most documents first. */
export function labelWordsFigure(
  attended: LabelAttention[],
  run: RunSummary,
  labels: LabelMap,
  ground: Ground,
  options: FigureOptions,
): string {
  const paint = paintOf(options.grey)
  const line = { stroke: paint.soft, 'stroke-width': 0.5 }
  return mapFigure(ground, paint, options, {
    title: options.title ?? `${runTitle(run)}: the words it looks at`,
    caption: `At the centre of each of ${countText(attended.length)} labels, as far as there is room, the word with most attention above the uniform one in the test documents for which the label is the most probable.`,
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
          .map(({ lon, lat, words }) => ({ lon, lat, name: words[0]?.word ?? '' })),
        plane,
        paint,
      ),
  })
}
