import { writeSync } from 'node:fs'

/** What a command was asked for beside its own options. */
export interface OutputOptions {
  json?: boolean
}

/** Signs that steer a terminal or turn the direction of a line: what a file holds must not. Tabs and line ends stay. */
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g
const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Text as it may reach a terminal: signs that steer one are written out, such as \u001b. */
export const printable = (text: string): string => text.replace(steering, escaped)

/** Writes to standard output at once and whole; a reader that went away is no error. */
export function print(text: string): void {
  let rest = Buffer.from(text.endsWith('\n') ? text : `${text}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') continue
      if (code === 'EPIPE') process.exit(0)
      throw error
    }
  }
}

/** The one JSON document of `--json`, or the text for people. */
export function printResult(options: OutputOptions, value: unknown, text: () => string): void {
  // JSON escapes the lower signs itself, and \u is its own way to write the others.
  print(options.json ? JSON.stringify(value).replace(steering, escaped) : printable(text()))
}

/** A table of text: the first row is the head, columns of numbers are right-aligned. */
export function textTable(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const numeric = widths.map((_, column) => rows.slice(1).every((row) => /^[-+]?[\d.,]*( ?%)?$/.test(row[column]!)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
