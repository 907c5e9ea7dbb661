import { EngineError } from '#protocol/errors.ts'
import type { ColumnLabelSettings } from '#protocol/labels/column.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { nearestCity } from '#engine/gazetteer/nearestCity.ts'
import { inPieces } from '#engine/geo/inPieces.ts'
import { assembleLabelSet } from './assembleLabelSet.ts'
import { describeLabels } from './fittedLabelSet.ts'
import { labelCentres } from './labelCentres.ts'
import { noLabel, type LabelScheme } from './scheme.ts'
import { sitesOfLabels } from './sitesOfLabels.ts'

/** Labels lie near a city of the size that Point2City uses by default. */
const cityPopulation = 15_000

/**
 * Labels are values of a further column of the corpus. A document has the label of its value, wherever it lies; a place alone
 * has that of the nearest training place.
 */
export const columnScheme: LabelScheme<ColumnLabelSettings> = {
  version: 1,
  assign: () => 'value',
  column: ({ column }) => column,
  async fit(settings, train, context) {
    const { values, codes } = train.column!
    const names = values.map(valueName)
    const nameOf = (code: number) => names[code] ?? ''
    // By code point, so that no label depends on the order of rows.
    const used = [...new Set(Array.from(new Set(codes), nameOf))].filter((name) => name !== '').sort()
    const labelOfValue = new Map(used.map((name, label) => [name, label]))
    const labelOfCode = names.map((name) => labelOfValue.get(name) ?? noLabel)
    const trainLabels = codes.map((code) => labelOfCode[code] ?? noLabel)
    const labelled = trainLabels.reduce((count, label) => count + (label === noLabel ? 0 : 1), 0)
    if (labelled === 0) throw noValue(settings.column, codes.length)
    if (used.length === labelled && labelled > 1) throw oneEach(settings.column, labelled)
    context.note(
      `Column ${settings.column}: ${used.length} ${used.length === 1 ? 'value' : 'values'} in ${labelled} training documents are labels.` +
        (2 * used.length > labelled
          ? ' That is less than two documents a label, from which little can be learnt; a column of larger areas may be meant.'
          : ''),
    )
    const gazetteer = await loadGazetteer(cityPopulation)
    const centres = await labelCentres(train, trainLabels, used.length, context)
    const cityOfLabel = nearestCity(gazetteer, centres.median)
    const set = assembleLabelSet({
      settings,
      ...describeLabels(centres, used, cityOfLabel, gazetteer),
      trainLabels,
      reassigned: null,
      rule: { kind: 'nearest-site', ...(await sitesOfLabels(train, trainLabels, used.length, context)) },
    })
    const ofPlaces = await inPieces(train, set.assign, 'Assigning places', context)
    const others = trainLabels.reduce((n, label, i) => n + (label !== noLabel && label !== ofPlaces[i] ? 1 : 0), 0)
    return { ...set, trainAssigned: trainLabels, labelOfValue, reassigned: others / labelled }
  },
}

/** A value as a label is named: letters that were typed otherwise, and blanks around it, make no other label. */
export const valueName = (value: string): string => value.normalize('NFC').trim()

const noValue = (column: string, documents: number) =>
  new EngineError(
    'labels/no-value',
    `The column "${column}" is empty in all ${documents} training documents; labels need values. Name another column.`,
    { column },
  )

const oneEach = (column: string, documents: number) =>
  new EngineError(
    'labels/one-each',
    `The column "${column}" has another value in each of the ${documents} training documents that have one, so that nothing could be learnt of any; expected values that documents share, such as countries or dialect areas. Name another column.`,
    { column },
  )
