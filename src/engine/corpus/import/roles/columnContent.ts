import { parseAngle } from '../places/angle.ts'
import { parsePoint } from '../places/point.ts'
import { parseMetres } from '../places/projection.ts'

/** What the sampled values of a column look like; shares are of the values that are not empty. */
export class ColumnContent {
  /** Not empty, trimmed. */
  readonly values: string[]
  readonly #rows: number
  readonly #shares = new Map<string, number>()

  constructor(sample: string[][], index: number) {
    this.#rows = sample.length
    this.values = sample.flatMap((row) => row[index]?.trim() || [])
  }

  get filled(): number {
    return this.#rows === 0 ? 0 : this.values.length / this.#rows
  }

  get distinct(): number {
    return new Set(this.values).size
  }

  get meanWords(): number {
    return this.values.reduce((sum, value) => sum + value.split(/\s+/).length, 0) / Math.max(1, this.values.length)
  }

  /** The values as answers, of which a cell may hold several: those of several informants, or of a list to tick. */
  get answers(): string[] {
    return this.values.flatMap((value) => value.split(/ \/ |[;|]/).map((part) => part.trim()))
  }

  /** Share of values that could be a latitude, or a longitude (up to 360). */
  degrees(axis: 'lat' | 'lon'): number {
    return this.share(axis, (value) => {
      const angle = parseAngle(value)
      return (
        angle !== null &&
        angle.axis !== (axis === 'lat' ? 'lon' : 'lat') &&
        Math.abs(angle.degrees) <= (axis === 'lat' ? 90 : 360)
      )
    })
  }

  get numbers(): number {
    return this.share('numbers', (value) => parseMetres(value) !== null)
  }

  get points(): number {
    return this.share('points', (value) => parsePoint(value) !== null)
  }

  get boxes(): number {
    return this.share('boxes', (value) => parsePoint(value)?.fromBox === true)
  }

  get objects(): number {
    return this.share('objects', (value) => value.startsWith('{') || value.startsWith('['))
  }

  /** Share of values of two words or more, or of a script without spaces, that are no dates, numbers or objects. */
  get prose(): number {
    return this.share('prose', isProse)
  }

  /** Share of values with four characters or more of a script that puts no spaces between words. */
  get unspaced(): number {
    return this.share('unspaced', (value) => unspaced.test(value))
  }

  get timestamps(): number {
    return this.share('timestamps', (value) => timestamp.test(value))
  }

  get emails(): number {
    return this.share('emails', (value) => /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(value))
  }

  get ipAddresses(): number {
    return this.share('ip', (value) => /^(\d{1,3}\.){3}\d{1,3}$|^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){3,7}$/i.test(value))
  }

  share(name: string, has: (value: string) => boolean): number {
    let share = this.#shares.get(name)
    if (share === undefined) {
      share = this.values.length === 0 ? 0 : this.values.filter(has).length / this.values.length
      this.#shares.set(name, share)
    }
    return share
  }
}

const timestamp =
  /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ,]+\d{1,2}:\d{2}(:\d{2})?.*)?$|^\d{1,2}:\d{2}(:\d{2})?$|^[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2}/

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]{4}/u

function isProse(value: string): boolean {
  if (/^[[{]/.test(value) || timestamp.test(value) || parsePoint(value) !== null) return false
  const letters = value.match(/\p{L}/gu)?.length ?? 0
  if (letters < value.length / 3) return false
  return /\S\s+\S/.test(value) || unspaced.test(value)
}
