import type { ColumnContent } from './columnContent.ts'
import { nameScore } from './columnNames.ts'

const militaryGrid = /^\d{1,2}\s?[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?(\d\s?){4,10}$/i

/** Where no coordinates were found: what the table has in their place, and what to do. */
export function placeHints(columns: string[], contents: ColumnContent[]): string[] {
  const hints: string[] = []
  const grid = contents.findIndex(
    (content) => content.share('military grid', (value) => militaryGrid.test(value)) > 0.8,
  )
  if (grid >= 0)
    hints.push(
      `"${columns[grid]}" holds codes of the military grid (MGRS), which are not taken: convert them to degrees.`,
    )
  const ids = columns.find((name) => /(^|\.)geo\.place_id$/.test(name))
  if (ids !== undefined)
    hints.push(
      `"${ids}" names places that lie beside the tweets (includes.places) and are not taken: put them into each tweet first, for example with twarc2 flatten.`,
    )
  if (columns.length === 1 && /[,;\t|]/.test(columns[0]!))
    hints.push(
      `The only column is called "${columns[0]}": every line seems to stand in quotes as a whole and is not taken apart. Take the outer quotes off, or write the table again.`,
    )
  const side = contents[0]?.values ?? []
  const has = (axis: 'lat' | 'lon') => side.some((value) => nameScore(axis, value) >= 0.9)
  if (has('lat') && has('lon'))
    hints.push(
      `The first column holds names such as latitude and longitude: the table lies on its side and is not taken so. Transpose it (in a spreadsheet: Paste Special, Transpose).`,
    )
  return hints
}
