import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Whether the sample generator's own notice lies beside a corpus file. */
export const isSynthetic = (path: string): Promise<boolean> =>
  access(join(dirname(path), 'SYNTHETIC.txt')).then(
    () => true,
    () => false,
  )
