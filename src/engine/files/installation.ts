import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** How this program came to the machine; a package says so in a file beside the program's folders. */
export interface Installation {
  version: string
  /** Of the window that came with it; null for the command line alone. */
  electron: string | null
  /** By the system's packages, or as a folder that somebody unpacked. */
  kind: 'package' | 'folder'
}

let known: Installation | null | undefined

/** Null in a checkout. */
export function findInstallation(): Installation | null {
  if (known !== undefined) return known
  try {
    // Bundles lie in out/node; a source of a checkout has no such file two folders up.
    known = JSON.parse(readFileSync(join(import.meta.dirname, '../../installation.json'), 'utf8')) as Installation
  } catch {
    known = null
  }
  return known
}

const advices = {
  tensorflow: {
    checkout: 'Run npm run setup.',
    package: 'Install the package isogloss-tensorflow-cpu.',
    folder: 'Unpack the archive again, whole.',
  },
  gpu: {
    checkout: 'Run ISOGLOSS_TENSORFLOW=gpu npm run setup.',
    package: 'Packages with CUDA are made from a checkout on a machine with the GPU.',
    folder: 'Archives with CUDA are made from a checkout on a machine with the GPU.',
  },
  window: {
    checkout: 'Run "npm run setup -- --for window".',
    package: 'Install the package isogloss again.',
    folder: 'This archive is the command line alone; the window comes with the package isogloss.',
  },
  anew: {
    checkout: 'Run "npm ci".',
    package: 'Install the package isogloss again.',
    folder: 'Unpack the archive again, whole.',
  },
}

/** How to get what is missing, by the way in which the program came here. */
export const installAdvice = (what: keyof typeof advices, installation = findInstallation()): string =>
  advices[what][installation?.kind ?? 'checkout']
