// `npm run test:slurm`: starts a real Slurm of two nodes on this machine, and does to an experiment's jobs what clusters do.
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compile } from './compile.mjs'
import { Checks } from './packages/checks.mjs'
import { findProgram, run } from './setup/command.mjs'
import { installSlurm, missingSlurm } from './slurm/installSlurm.mjs'
import { scenarios } from './slurm/scenarios.mjs'
import { Study } from './slurm/study.mjs'
import { TestCluster } from './slurm/testCluster.mjs'

const { values } = parseArgs({
  options: {
    // Nothing of it is drawn; the line that harnesses end with has a seed.
    seed: { type: 'string', default: String(randomInt(1, 1_000_000)) },
    // The part for `npm test`, which installs nothing.
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
})
const checks = new Checks('slurm', Number(values.seed))

/** Why there can be no Slurm here; null where there is one. */
async function whyNot() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a Slurm of its own wants Linux and root'
  if (!findProgram('unshare') || (await run('unshare', ['--mount', '--uts', '--pid', '--fork', 'true'])).code !== 0)
    return 'this machine gives no process ids and host names of their own (unshare)'
  if (missingSlurm().length > 0 && values.quick) return `there is no ${missingSlurm().join(', ')}`
  if (missingSlurm().length > 0) await installSlurm().catch(() => undefined)
  return missingSlurm().length > 0
    ? `apt could not install ${missingSlurm().join(', ')} (Debian's slurm-wlm, munge)`
    : null
}

async function testSlurm() {
  await compile(['node'], (line) => process.stdout.write(`${line}\n`))
  /** @type {TestCluster | null} */
  let cluster = null
  try {
    /** @type {Study | null} */
    let study = null
    await checks.check('a Slurm of two nodes, and an experiment that has run on this machine', async () => {
      cluster = await TestCluster.start()
      study = await Study.make(join(cluster.folder, 'study'), cluster, values.quick ? 8 : 30)
      return cluster.ask('sinfo', '--version')
    })
    if (!cluster || !study) return
    const place = { cluster, study, measure: checks.measure.bind(checks) }
    const chosen = scenarios.filter(({ what, quick }) => (quick || !values.quick) && what.includes(values.only ?? ''))
    for (const { what, show } of chosen) await checks.check(what, () => show(place))
  } finally {
    await /** @type {TestCluster | null} */ (cluster)?.stop()
  }
}

const reason = await whyNot()
if (reason !== null) checks.skip('everything', reason)
else await testSlurm()
checks.end()
