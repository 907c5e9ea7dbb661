import { readFileSync, readdirSync } from 'node:fs'
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { must } from '../packages/checks.mjs'
import { findProgram, run } from '../setup/command.mjs'
import { until } from './testCluster.mjs'

/**
 * What happens to jobs of a study on a cluster: each scenario in a project of its own, against runs of this machine.
 * @typedef {(name: string, value: number) => void} Measure tells a figure in the harness's last line
 * @typedef {{ cluster: import('./testCluster.mjs').TestCluster, study: import('./study.mjs').Study, measure: Measure }} Place
 * @typedef {{ what: string, quick?: boolean, show: (place: Place) => Promise<string | void> }} Scenario
 */

/** @type {Scenario[]} */
export const scenarios = [
  {
    what: 'of an array, a cell fails and touches no other, one is queued again near its time limit; --only runs the failed one again',
    quick: true,
    show: arrayWithFailure,
  },
  { what: 'all stages and runs as jobs with dependencies end in the comparison', show: wholeExperiment },
  { what: 'scripts that were written elsewhere bring their project along in a pack', show: isCarried },
  { what: 'a task that is preempted goes on to the same bits', show: isPreempted },
  { what: 'a node crashes, and its task goes on there although its process id is in use again', show: nodeCrashes },
  { what: 'a node crashes, and its task goes on on another one', show: goesOnElsewhere },
  {
    what: '--cancel reaches the array, and leaves checkpoints and no locks; a local run goes on from them',
    show: isCancelled,
  },
  { what: 'kill -9 of a program fails its task alone; --only goes on from its checkpoint', show: isKilled },
  { what: 'submitting that is broken off leaves no job', show: submitIsBrokenOff },
]

/**
 * Of three cells one fails, since its checkpoint's place leads out of the project, and one is told that its time limit is near:
 * Slurm looks at limits twice a minute, so the signal that it sends before one is sent by hand.
 */
async function arrayWithFailure(/** @type {Place} */ { cluster, study, measure }) {
  const project = await study.project('failing')
  const place = join(project, 'runs', `${study.idOf('kd/mtl/1')}.checkpoint`)
  await mkdir(join(project, 'runs'), { recursive: true })
  await symlink(study.folder, place)
  const jobs = await study.submit(project, 'kd/stl/1', 'kd/mtl/1', 'kd/long/1')
  const [short, failing, long] = [0, 1, 2]
  await jobs.hasTrained('runs-1', 2, long)
  const toldMs = Date.now()
  await cluster.ask('scancel', '--batch', '--signal=USR1', `${jobs.ids['runs-1']}_${long}`)
  await jobs.reaches('runs-1', 'PENDING', long)
  measure('timeLimitSecondsToRequeue', secondsSince(toldMs))
  measure('timeLimitSecondsLost', study.secondsLost(project, 'kd/long/1', toldMs))
  const waiting = (await study.look(project)).get('kd/long/1')
  must(waiting?.state === 'requeued' && waiting.resumes, JSON.stringify(waiting))
  await goesOn(study, jobs, project, long)
  const states = await Promise.all([short, failing].map((task) => jobs.state('runs-1', task)))
  must(states.join() === 'COMPLETED,FAILED', `${states.join()}: ${jobs.log('runs-1', short)}`)
  const reason = jobs.log('runs-1', failing).trim().split('\n').at(-1) ?? ''
  must(reason.startsWith('project/outside'), reason)
  const view = await study.isogloss('run', study.file, '--project', project, '--slurm', '--attach')
  must(
    view.code === 1 &&
      view.output.includes('2 of 3 steps done, 1 failed') &&
      view.output.includes('[kd/mtl/1] failed: project/outside') &&
      view.output.includes('--only kd/mtl/1'),
    view.output,
  )
  await study.mustEqualLocal(project, 'kd/stl/1')
  const table = await readFile(join(jobs.folder, 'comparison.txt'), 'utf8')
  must(/kd stl/.test(table) && /kd long/.test(table), 'the other cells are not compared')

  await rm(place)
  const again = await study.submit(project, 'kd/mtl/1')
  await again.ends()
  must((await again.state('runs-1')) === 'COMPLETED', again.log('runs-1'))
  await study.mustEqualLocal(project, 'kd/mtl/1')
  study.mustBeTidy(project)
  return reason.slice(0, 15)
}

async function wholeExperiment(/** @type {Place} */ { study, measure }) {
  const project = join(study.folder, 'whole')
  const atMs = Date.now()
  const jobs = await study.submit(project)
  measure('submitSeconds', secondsSince(atMs))
  await jobs.ends()
  must(/kd long/.test(await readFile(join(jobs.folder, 'comparison.txt'), 'utf8')), 'there is no comparison')
  for (const name of ['kd/stl/1', 'kd/mtl/1', 'kd/long/1']) await study.mustEqualLocal(project, name)
  study.mustBeTidy(project)
  return Object.keys(jobs.ids).join(', ')
}

/** Scripts and pack on their way to a cluster that sees nothing else of the study: by submit.sh alone, and followed there. */
async function isCarried(/** @type {Place} */ { cluster, study }) {
  const project = await study.project('stays')
  const [scripts, there] = ['carried from', 'carried to'].map((name) => join(study.folder, name))
  await study.must('run', study.file, '--project', project, '--slurm', '--write', scripts ?? '', '--only', 'kd/stl/1')
  await rm(project, { recursive: true })
  await rename(scripts ?? '', there ?? '')
  const submitted = await run('bash', [join(there ?? '', 'submit.sh')], { env: cluster.env })
  must(submitted.code === 0, submitted.output)
  const unpacked = join(there ?? '', 'project')
  const file = join(unpacked, 'experiments', 'study.yaml')
  await study.must('run', file, '--project', unpacked, '--slurm', '--attach')
  await study.mustEqualLocal(unpacked, 'kd/stl/1')
}

async function isPreempted(/** @type {Place} */ { cluster, study, measure }) {
  const project = await study.project('preempted')
  const jobs = await study.submit(project, 'kd/long/1')
  await jobs.hasTrained('runs-1', 2)
  const node = await jobs.nodeOf('runs-1')
  const atMs = Date.now()
  await cluster.ask(
    'sbatch',
    '--partition=high',
    '--exclusive',
    `--nodelist=${node}`,
    '--output=/dev/null',
    '--wrap=sleep 3',
  )
  await jobs.reaches('runs-1', 'PENDING')
  measure('preemptionSecondsToRequeue', secondsSince(atMs))
  measure('preemptionSecondsLost', study.secondsLost(project, 'kd/long/1', atMs))
  await goesOn(study, jobs, project)
  study.mustBeTidy(project)
}

async function nodeCrashes(/** @type {Place} */ { cluster, study, measure }) {
  const project = await study.project('crashed')
  const { jobs, node, holder, other, atMs } = await crash(cluster, study, project)
  measure('nodeCrashSecondsLost', study.secondsLost(project, 'kd/long/1', atMs))
  await cluster.ask('scontrol', 'update', `nodename=${other}`, 'state=drain', 'reason=test')
  try {
    cluster.boot(node)
    await cluster.whenIdle(node)
    // A task that begins while a node that came back still registers is taken for lost by Slurm.
    await sleep(5_000)
    await cluster.occupy(node, holder.processId)
    await goesOn(study, jobs, project)
    study.mustBeTidy(project)
  } finally {
    await cluster.ask('scontrol', 'update', `nodename=${other}`, 'state=resume')
  }
  return `process ${holder.processId} on ${holder.host}`
}

async function goesOnElsewhere(/** @type {Place} */ { cluster, study, measure }) {
  const project = await study.project('elsewhere')
  const { jobs, node, other, lock, holder } = await crash(cluster, study, project)
  try {
    await goesOn(study, jobs, project, 0, async (beganMs) => {
      await until(
        'another holder',
        async () => JSON.parse(await readFile(lock, 'utf8')).token !== holder.token,
        120_000,
      )
      measure('otherNodeSecondsToTakeOver', secondsSince(beganMs))
    })
    study.mustBeTidy(project)
    must(!jobs.log('runs-1').includes('unlock'), 'it asked for help')
  } finally {
    cluster.boot(node)
    await cluster.whenIdle(node)
  }
  return `from ${node} to ${other}`
}

/** Ends the node of a task in the middle of its training. */
async function crash(
  /** @type {Place['cluster']} */ cluster,
  /** @type {Place['study']} */ study,
  /** @type {string} */ project,
) {
  const jobs = await study.submit(project, 'kd/long/1')
  await jobs.hasTrained('runs-1', 2)
  const node = await jobs.nodeOf('runs-1')
  const lock = join(project, 'runs', `${study.idOf('kd/long/1')}.lock`)
  /** @type {{ processId: number, host: string, token: string }} */
  const holder = JSON.parse(await readFile(lock, 'utf8'))
  must(holder.host === node, `the lock is of ${holder.host}`)
  const atMs = Date.now()
  await cluster.crash(node)
  must(JSON.parse(await readFile(lock, 'utf8')).processId === holder.processId, 'the lock did not outlive the node')
  return { jobs, node, lock, holder, atMs, other: node === 'n1' ? 'n2' : 'n1' }
}

async function isCancelled(/** @type {Place} */ { study, measure }) {
  const project = await study.project('cancelled')
  const jobs = await study.submit(project, 'kd/long/1')
  await jobs.hasTrained('runs-1', 2)
  must((await study.look(project)).get('kd/long/1')?.state === 'running', 'the view does not see it run')
  const atMs = Date.now()
  await study.must('run', study.file, '--project', project, '--slurm', '--cancel')
  await jobs.ends()
  measure('cancelSecondsToEnd', secondsSince(atMs))
  must((await jobs.state('runs-1')) === 'CANCELLED', await jobs.state('runs-1'))
  const locks = readdirSync(project, { recursive: true }).filter((name) => /\.lock|\.task|\.tmp/.test(String(name)))
  must(locks.length === 0, `left: ${locks.join(', ')}`)
  const kept = study.epochsKept(project, 'kd/long/1')
  await study.must('train', study.file, '--project', project, '--only', 'kd/long/1')
  study.mustContinue(project, 'kd/long/1', kept)
  await study.mustEqualLocal(project, 'kd/long/1')
  study.mustBeTidy(project)
}

async function isKilled(/** @type {Place} */ { study, measure }) {
  const project = await study.project('killed')
  const jobs = await study.submit(project, 'kd/stl/1', 'kd/long/1')
  const [short, long] = [0, 1]
  await jobs.hasTrained('runs-1', 2, long)
  const atMs = Date.now()
  process.kill(programOf(project, 'kd/long/1'), 'SIGKILL')
  await jobs.reaches('runs-1', 'FAILED', long)
  measure('killSecondsToFailed', secondsSince(atMs))
  measure('killSecondsLost', study.secondsLost(project, 'kd/long/1', atMs))
  await jobs.ends()
  const states = [await jobs.state('runs-1', long), await jobs.state('runs-1', short)]
  must(states[0] === 'FAILED' && states[1] === 'COMPLETED', states.join(', '))
  const kept = study.epochsKept(project, 'kd/long/1')
  const again = await study.submit(project, 'kd/long/1')
  await again.ends()
  must((await again.state('runs-1')) === 'COMPLETED', again.log('runs-1'))
  study.mustContinue(project, 'kd/long/1', kept)
  for (const name of ['kd/stl/1', 'kd/long/1']) await study.mustEqualLocal(project, name)
  study.mustBeTidy(project)
}

/** The process, as this machine counts, of the command line that makes a run in a project. */
function programOf(/** @type {string} */ project, /** @type {string} */ name) {
  for (const id of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const line = commandLineOf(id)
    if (line.includes(project) && line.at(-1) === name && line.some((part) => part.endsWith('cli.js')))
      return Number(id)
  }
  throw new Error(`no program makes ${name}`)
}

function commandLineOf(/** @type {string} */ processId) {
  try {
    return readFileSync(`/proc/${processId}/cmdline`, 'utf8').split('\0').slice(0, -1)
  } catch {
    return []
  }
}

/** Many short jobs and an sbatch that takes its time, so that TERM comes in between. */
async function submitIsBrokenOff(/** @type {Place} */ { cluster, study }) {
  const project = join(study.folder, 'broken-off')
  const folder = join(study.folder, 'broken-off-scripts')
  const template = join(study.folder, 'one-each.yaml')
  await writeFile(
    template,
    `${(await readFile(join(study.folder, 'slurm.yaml'), 'utf8')).trim().slice(0, -1)}, maxArraySize: 1}\n`,
  )
  await study.must('run', study.file, '--project', project, '--slurm', '--write', folder, '--site', template)
  const before = await cluster.ask('squeue', '-h', '-o', '%A')
  must(before === '', `jobs before: ${before}`)
  const slow = join(study.folder, 'slow')
  await mkdir(slow)
  await writeFile(join(slow, 'sbatch'), `#!/bin/sh\nsleep 0.3\nexec ${findProgram('sbatch')} "$@"\n`, { mode: 0o755 })
  const env = { ...process.env, ...cluster.env, PATH: `${slow}:${process.env.PATH}` }
  const child = spawn('bash', [join(folder, 'submit.sh')], { env, stdio: 'ignore' })
  const listed = () => readFileSync(join(folder, 'jobs.txt'), 'utf8').trim().split('\n').length
  const ended = once(child, 'exit')
  await until('two submitted jobs', () => listed() >= 2)
  child.kill('SIGTERM')
  const [code] = await ended
  must(code !== 0, 'it ended before it was told to')
  await until('an empty queue', async () => (await cluster.ask('squeue', '-h', '-o', '%A')) === '')
  return `after ${listed()} of 8 jobs`
}

const secondsSince = (/** @type {number} */ ms) => (Date.now() - ms) / 1000

/** Lets a task that was queued again begin, and holds what it comes to against its checkpoint and the local run. */
async function goesOn(
  /** @type {Place['study']} */ study,
  /** @type {import('./study.mjs').Submitted} */ jobs,
  /** @type {string} */ project,
  task = 0,
  /** @type {(beganMs: number) => Promise<void>} */ begun = async () => undefined,
) {
  await jobs.reaches('runs-1', 'PENDING', task)
  const kept = study.epochsKept(project, 'kd/long/1')
  const told = jobs.log('runs-1', task).match(/epoch \d+: /g)?.length ?? 0
  must(kept.length >= told, `${told} epochs were told, and ${kept.length} kept`)
  await jobs.beginAgain('runs-1', task)
  await begun(Date.now())
  await jobs.ends()
  must((await jobs.state('runs-1', task)) === 'COMPLETED', jobs.log('runs-1', task).slice(-800))
  study.mustContinue(project, 'kd/long/1', kept)
  await study.mustEqualLocal(project, 'kd/long/1')
}
