import { readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun } from '../setup/command.mjs'
import { must } from './checks.mjs'
import { runInRoot, startInRoot, succeeds } from './testRoot.mjs'

/** @typedef {{ clean: string, repository: string, packages: string }} Place */

/** Long enough for a second machine to come in between. */
const long = (/** @type {string} */ sample, epochs = 1) => `name: long
corpus: {train: ${sample}/train.txt.gz, dev: ${sample}/dev.txt.gz, test: ${sample}/test.txt.gz, split: none}
preprocess: {minFrequency: 5, maxWords: 40}
labels: {kd: {method: kd-tree, bucket: 200}}
embeddings: {method: skip-gram, dimensions: 16, epochs: 1}
models:
  stl: {method: attention-cnn, tasks: [labels], epochs: ${epochs}, patience: ${epochs}, filters: [16, 16], attentionUnits: 8}
matrix: {seeds: [1]}
evaluation: {resamples: 500}
`

/**
 * One home, two machines: names of their own and processes of their own, so that a process id of one says nothing on the other.
 * @param {import('./checks.mjs').Checks} checks
 * @param {Place} place
 */
export async function twoMachines(checks, { clean, repository }) {
  const home = join(clean, 'home', 'person')
  const onMachine = (/** @type {string} */ name, /** @type {string} */ line) =>
    `hostname ${name}; exec runuser -u person -- bash -c 'cd; exec ${line}'`
  const onSecond = (/** @type {string} */ line) => runInRoot(clean, repository, onMachine('machine-b', line))
  await writeFile(join(home, 'long.yaml'), long('/usr/share/isogloss/sample', 500))
  const first = startInRoot(clean, repository, onMachine('machine-a', 'isogloss run long.yaml --project shared'))
  first.stdout.resume()
  let said = ''
  first.stderr.setEncoding('utf8').on('data', (text) => (said += text))
  const over = new Promise((resolve) => first.on('exit', resolve))
  try {
    await checks.check(
      'while one machine works in a project, another one says who does, and does nothing',
      async () => {
        const end = performance.now() + 60_000
        while (!/epoch|Train/i.test(said)) {
          must(
            performance.now() < end && first.exitCode === null,
            `the first machine does not train: ${said.slice(-500)}`,
          )
          await new Promise((resolve) => setTimeout(resolve, 200))
        }
        const { code, output } = await onSecond('timeout 20 isogloss run long.yaml --project shared')
        must(code !== 0 && output.includes('machine-a'), `exit code ${code}: ${output.slice(-500)}`)
        must(first.exitCode === null, 'the first machine stopped')
        return output.trim().split('\n').at(-1)
      },
    )
  } finally {
    first.kill('SIGKILL')
    await over
  }
  await checks.check(
    'a machine that died holds its lock until somebody takes it away, and the work goes on elsewhere',
    async () => {
      const { code, output } = await onSecond('timeout 20 isogloss run long.yaml --project shared')
      must(code !== 0 && output.includes('machine-a'), `exit code ${code}: ${output.slice(-500)}`)
      await succeeds(onSecond('isogloss unlock --project shared --force'))
      await writeFile(join(home, 'long.yaml'), long('/usr/share/isogloss/sample', 1))
      await succeeds(onSecond('isogloss run long.yaml --project shared'))
    },
  )
  await checks.check('what is true of one machine is kept under its name', async () => {
    await succeeds(onSecond('isogloss bench --self'))
    const names = readdirSync(join(home, '.cache', 'isogloss'))
    must(names.includes('machine-machine-b.json'), names.join(', '))
  })
}

/**
 * The archive of the command line, in a folder with a blank in its name, called through a link with an empty environment.
 * @param {import('./checks.mjs').Checks} checks
 * @param {Place} place
 */
export async function useArchive(checks, { clean, repository, packages }) {
  const archive = readdirSync(packages).find((name) => name.endsWith('.tar.gz')) ?? ''
  const folder = join(clean, 'home', 'person', 'a place')
  await checks.check('the command line without a window runs wherever it is unpacked', async () => {
    await mkdir(folder, { recursive: true })
    await mustRun('Unpacking', 'tar', ['-xzf', join(packages, archive), '-C', folder])
    const sample = join('/home/person/a place', readdirSync(folder)[0] ?? '', 'share', 'sample')
    await writeFile(join(clean, 'home/person/archive.yaml'), long(JSON.stringify(sample).slice(1, -1)))
    await succeeds(
      runInRoot(clean, repository, 'ln -sf "/home/person/a place"/isogloss-cli-*/bin/isogloss archived', 'person'),
    )
    const plain = 'env -i PATH=/usr/bin:/bin HOME=/home/person ./archived'
    const report = JSON.parse(await succeeds(runInRoot(clean, repository, `${plain} doctor --json`, 'person')))
    must(report.device.native && report.problems.length === 0, JSON.stringify(report))
    await succeeds(runInRoot(clean, repository, `${plain} run archive.yaml --project by-archive`, 'person'))
    return archive
  })
}

/**
 * What the administrator sets holds for an ordinary user, and is shown with whose it is.
 * @param {import('./checks.mjs').Checks} checks
 * @param {Place} place
 */
export async function obeyPolicy(checks, { clean, repository }) {
  const policy = join(clean, 'etc', 'isogloss', 'policy.yaml')
  const asPerson = (/** @type {string} */ line) => runInRoot(clean, repository, line, 'person')
  await checks.check('a policy of the machine holds, and is told with whose it is', async () => {
    await writeFile(policy, 'threads: 1\ncacheFolder: /var/tmp/caches\nimportFrom: [/srv/corpora]\nmemory: 8\n')
    const report = JSON.parse(
      await succeeds(asPerson('ISOGLOSS_THREADS=2 ISOGLOSS_POLICY=/dev/null isogloss doctor --json')),
    )
    must(report.device.threads === 1, `${report.device.threads} threads`)
    must(report.cacheDirectory === '/var/tmp/caches/person', report.cacheDirectory)
    must(report.policy?.owner === 'root' && report.policy.settings.length === 3, JSON.stringify(report.policy))
    must(/There is no setting .{0,2}memory/.test(JSON.stringify(report.problems)), JSON.stringify(report.problems))
    const { code, output } = await asPerson('isogloss run small.yaml --project elsewhere')
    must(code === 1 && output.includes('policy/import'), `exit code ${code}: ${output.slice(-500)}`)
    return output.trim().split('\n').at(-1)
  })
  await writeFile(policy, '')
}
