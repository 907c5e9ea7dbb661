import { existsSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { findInstallation } from '#engine/files/installation.ts'

/** Facts about this machine for `isogloss doctor`; each is asked anew, none throws. */

const require = createRequire(import.meta.url)

/** Where downloads and other things that can be made again live, outside of any project. ISOGLOSS_CACHE names it outright. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment['ISOGLOSS_CACHE']) return environment['ISOGLOSS_CACHE']
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'isogloss')
}

/** Free bytes, in MiB, of the disk that holds `path`, or will hold it once it is made. */
export async function freeDiskMiB(path: string): Promise<number> {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      const { bavail, bsize } = await statfs(folder)
      return Math.floor((bavail * bsize) / 2 ** 20)
    } catch {
      if (folder === dirname(folder)) return 0
    }
  }
}

/** Whether a window could be shown. */
export function hasDisplay(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  return platform !== 'linux' || Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'])
}

/** Version of the Electron that runs us, or that `npm start` would run; null where there is none. */
export function electronVersion(): string | null {
  if (process.versions['electron']) return process.versions['electron']
  const installation = findInstallation()
  if (installation) return installation.electron
  try {
    const folder = dirname(require.resolve('electron/package.json'))
    for (const dist of [join(folder, 'dist'), join(cacheDirectory(), 'electron-for-tests')]) {
      if (existsSync(join(dist, 'electron')) || existsSync(join(dist, 'version'))) {
        return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '')
      }
    }
  } catch {
    // A checkout whose packages are not installed.
  }
  return null
}
