import { parseDocument } from 'yaml'
import { EngineError } from '#protocol/errors.ts'
import { slurmSite, type SlurmSite } from '#protocol/slurmSite.ts'

/** @throws EngineError 'cluster/site' where the text is no site template */
export function readSlurmSite(text: string, file: string): SlurmSite {
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) throw wrong(file, error.message.split('\n')[0]!.replace(/:$/, ''))
  const site = slurmSite.safeParse(document.toJS() ?? {})
  if (site.success) return site.data
  throw wrong(
    file,
    site.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`).join('; '),
  )
}

const wrong = (file: string, reason: string) =>
  new EngineError(
    'cluster/site',
    `${file} does not describe a cluster: ${reason}. Correct it; docs/cluster.md names its keys.`,
  )
