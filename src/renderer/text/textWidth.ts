/** Mean advance of the 11 px interface font; names are measured by their length, generously. */
const advancePx = 6.9

export function textWidthPx(text: string): number {
  return [...text].length * advancePx
}
