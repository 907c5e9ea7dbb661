/** Text as it may stand in SVG. */
export const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** A number with two decimals at most: a hundredth of a point is finer than any printer. */
export const short = (value: number) => String(Math.round(value * 100) / 100)

/** Attributes of an element; what is undefined is left out. */
export type Attributes = Record<string, string | number | undefined>

export function element(name: string, attributes: Attributes, content = ''): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escape(value!)}"`)
    .join('')
  return content === '' ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escape(content))
}

/** Widths of letters of DejaVu Sans in shares of the font's size: narrow ones, capitals and wide ones, and the rest. */
export function textWidth(content: string, size: number): number {
  let width = 0
  for (const letter of content)
    width += /[ijl.,:;'|!()[\]ft ]/.test(letter) ? 0.36 : /[A-ZÄÖÜmw%&@—]/.test(letter) ? 0.78 : 0.62
  return width * size
}

/** Lines of at most some width, broken at blanks. */
export function wrap(content: string, width: number, size: number): string[] {
  const lines: string[] = []
  for (const word of content.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** A path through points; `closed` for a ring. */
export function path(points: Iterable<readonly [number, number]>, closed: boolean): string {
  let d = ''
  for (const [x, y] of points) d += `${d === '' ? 'M' : 'L'}${short(x)} ${short(y)}`
  return closed && d !== '' ? `${d}Z` : d
}
