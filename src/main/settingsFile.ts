import { readFileSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { ErrorReport } from '#protocol/errors.ts'
import { themes } from '#protocol/shell.ts'

const wholeNumber = z.number().int()

/** What the window remembers from one start to the next, value by value. */
const schemas = {
  theme: z.enum(themes),
  inspectorOpen: z.boolean(),
  bounds: z
    .object({ x: wholeNumber, y: wholeNumber, width: wholeNumber.positive(), height: wholeNumber.positive() })
    .nullable(),
  maximised: z.boolean(),
  recentProjects: z.array(z.string()),
  lastProject: z.string().nullable(),
  /** By project: the files that its corpora may be made of. */
  chosenFiles: z.record(z.string(), z.array(z.string())),
  /** A quit in the middle of a job promised to go on with it. */
  resume: z.boolean(),
}
export type Remembered = { [Key in keyof typeof schemas]: z.infer<(typeof schemas)[Key]> }

const usual: Remembered = {
  theme: 'system',
  inspectorOpen: true,
  bounds: null,
  maximised: false,
  recentProjects: [],
  lastProject: null,
  chosenFiles: {},
  resume: false,
}

export interface ReadSettings {
  /** Every value that the file has, those that cannot be used set back; and what other versions keep there. */
  values: Remembered & Record<string, unknown>
  /** What was set back, for a person; null where nothing was. */
  problem: ErrorReport | null
}

/**
 * Reads the settings. Each value is checked for itself, so that the file of an older or a newer version serves as far as it
 * can; where one cannot be used, the file as it was is moved to settings.broken.json beside it.
 */
export function readSettings(file: string): ReadSettings {
  const found = contentOf(file)
  if (found === 'missing') return { values: { ...usual }, problem: null }
  const values: ReadSettings['values'] = { ...usual, ...found }
  const refused = found === null ? ['the whole file'] : []
  for (const [key, schema] of Object.entries(schemas)) {
    if (schema.safeParse(values[key]).success) continue
    refused.push(key)
    values[key] = usual[key as keyof Remembered]
  }
  return { values, problem: refused.length === 0 ? null : setAside(file, refused) }
}

/** Null for what is no JSON of keys and values. */
function contentOf(file: string): Record<string, unknown> | 'missing' | null {
  try {
    // A named pipe would be waited for, with no window.
    if (!statSync(file).isFile()) return null
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : null
  }
}

function setAside(file: string, refused: string[]): ErrorReport {
  const aside = join(dirname(file), 'settings.broken.json')
  let where = `The file as it was is kept as ${aside}.`
  try {
    renameSync(file, aside)
  } catch (error) {
    where = `The file ${file} stays as it is: ${(error as Error).message}.`
  }
  return {
    code: 'settings/broken',
    message: `The window's settings could not be used (${refused.join(', ')}) and were set back to what is usual. ${where} No project was touched.`,
    data: { refused },
  }
}
