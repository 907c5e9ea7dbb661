import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup/paths.mjs'

/** Folders with a tsconfig.json of their own: the layers of src, and what stands beside them. */
export const layers = () =>
  [...readdirSync(join(root, 'src')).map((name) => `src/${name}`), 'build', 'bench', 'checks', 'fuzz', 'e2e'].filter(
    (folder) => existsSync(join(root, folder, 'tsconfig.json')),
  )
