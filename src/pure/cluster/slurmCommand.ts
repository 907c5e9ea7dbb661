import { shellWord } from './shellWord.ts'

/** The command line that has Slurm make what an experiment misses, as a shell of this machine reads it. */
export function slurmCommand({
  file,
  project,
  write,
  site,
}: {
  file: string
  project: string
  write?: string | undefined
  site?: string | undefined
}): string {
  const options = [...(write === undefined ? [] : ['--write', write]), ...(site === undefined ? [] : ['--site', site])]
  return ['isogloss', 'run', file, '--project', project, '--slurm', ...options].map(shellWord).join(' ')
}
