import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, parse, resolve, sep } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import { wildcardMatcher } from './wildcard.ts'

/** The absolute path of a file as a person names it: `~` is the home folder, what is relative is so to `base`. */
export const absolutePath = (base: string, file: string): string =>
  /^~(?=[\\/]|$)/.test(file) ? join(homedir(), file.slice(1)) : resolve(base, file)

/**
 * Files of which some are named by a pattern with `*`, as a shell would have them: in the order of names, hidden files left
 * out. A name that is there is taken as it stands, whatever signs it holds.
 * @param paths absolute
 * @throws EngineError 'import/file-missing' where a pattern matches no file
 */
export async function expandFiles(paths: string[]): Promise<string[]> {
  const found: string[] = []
  for (const path of paths) {
    if (!/[*?[{]/.test(path) || (await stat(path).catch(() => null))) found.push(path)
    else found.push(...(await matching(path)))
  }
  return found
}

async function matching(pattern: string): Promise<string[]> {
  const { root } = parse(pattern)
  let places = [root]
  for (const part of pattern.slice(root.length).split(sep)) {
    const matches = part.includes('*') ? wildcardMatcher(part) : null
    const next = await Promise.all(
      places.map(async (place) => {
        if (!matches) return [join(place, part)]
        const names = await readdir(place).catch(() => [] as string[])
        return names.filter((name) => !name.startsWith('.') && matches(name)).map((name) => join(place, name))
      }),
    )
    places = next.flat()
  }
  const there = await Promise.all(
    places.map((place) =>
      stat(place).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  )
  const files = places.filter((_, i) => there[i]).sort()
  if (files.length > 0) return files
  const beside = (await readdir(dirname(pattern)).catch(() => [] as string[])).slice(0, 8)
  throw new EngineError(
    'import/file-missing',
    `No file matches ${pattern}${beside.length > 0 ? `; its folder holds ${beside.join(', ')}` : ''}. Of patterns, only * is understood. Name files that are there.`,
    { path: pattern },
  )
}
