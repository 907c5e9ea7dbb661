import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { findProgram } from '../setup/command.mjs'
import { provideDebianPackages } from '../setup/debian.mjs'

process.env.PATH += ':/usr/sbin:/sbin'

/** Programs of a Slurm that lack here. */
export const missingSlurm = () =>
  ['slurmctld', 'slurmd', 'sbatch', 'scancel', 'munged'].filter((name) => !findProgram(name))

/** Asked by the scripts of packages whether their daemons may start. */
const policy = '/usr/sbin/policy-rc.d'

/**
 * Installs Debian's Slurm without its daemons being started.
 * @throws {Error} where apt has none
 */
export async function installSlurm() {
  const isOurs = !existsSync(policy)
  if (isOurs) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await provideDebianPackages(['slurm-wlm', 'munge'], (line) => process.stdout.write(`${line}\n`))
  } finally {
    if (isOurs) await rm(policy, { force: true })
  }
}
