import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * A Python with the given packages, made once for each set of them and kept in the cache.
 * @param packages name to version
 * @returns path of its interpreter
 * @throws when Python 3 or a package cannot be had
 */
export async function virtualEnvironment(
  packages: Record<string, string>,
  say: (line: string) => void,
): Promise<string> {
  const pinned = Object.entries(packages).map(([name, version]) => `${name}==${version}`)
  const id = createHash('sha256').update(pinned.join('\n')).digest('hex').slice(0, 12)
  const directory = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'isogloss', 'bench', id)
  const ready = join(directory, 'isogloss-ready')
  if (existsSync(ready)) return join(directory, 'bin', 'python')
  say(`making a Python environment with ${pinned.join(', ')}`)
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  // Scripts of an environment name its folder, so it is made in place and marked when it is whole.
  run('python3', ['-m', 'venv', directory])
  run(join(directory, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...pinned])
  await mkdir(`${ready}.partial`)
  await rename(`${ready}.partial`, ready)
  return join(directory, 'bin', 'python')
}

function run(program: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  if (status !== 0) {
    throw new Error(
      `The peer could not be installed: ${program} ${args.join(' ')} ended with ${error?.message ?? `${status}:\n${stderr}`}`,
    )
  }
}
