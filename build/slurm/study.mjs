import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { must } from '../packages/checks.mjs'
import { run } from '../setup/command.mjs'
import { sha256OfFile } from '../setup/files.mjs'
import { root } from '../setup/paths.mjs'
import { until } from './testCluster.mjs'

/** @typedef {import('./testCluster.mjs').TestCluster} TestCluster */

const program = join(root, 'out/node/cli.js')

/** Two short runs and a long one, in seconds; one thread, as the tasks of the site template have. */
const experiment = (/** @type {number} */ epochs) => `name: study
corpus: {train: sample/train.txt.gz, dev: sample/dev.txt.gz, test: sample/test.txt.gz, split: none}
preprocess: {minFrequency: 2, maxWords: 60}
labels: {kd: {method: kd-tree, bucket: 40}}
embeddings: {method: skip-gram, dimensions: 16, epochs: 2}
models:
  stl: {method: attention-cnn, tasks: [labels], epochs: 2, filters: [16, 16], attentionUnits: 8}
  mtl: {method: attention-cnn, tasks: [labels, coordinates], epochs: 2, filters: [16, 16], attentionUnits: 8}
  long: {method: attention-cnn, tasks: [labels], epochs: ${epochs}, patience: ${epochs}, filters: [16, 16], attentionUnits: 8}
matrix: {seeds: [1]}
evaluation: {resamples: 500}
`
const site = `{partition: low, time: '10', memory: 2G, cpus: 1, isogloss: '${process.execPath} ${program}'}\n`

/** A small experiment, what a run of it on this machine comes to, and projects in which it has not run yet. */
export class Study {
  /**
   * @param {string} folder that the nodes see
   * @param {TestCluster} cluster
   */
  constructor(folder, cluster) {
    this.folder = folder
    this.cluster = cluster
    this.file = join(folder, 'study.yaml')
    /** With every run made here, in one thread. */
    this.local = join(folder, 'local')
  }

  /**
   * @param {string} folder new
   * @param {TestCluster} cluster
   * @param {number} epochs of the long run
   */
  static async make(folder, cluster, epochs) {
    const study = new Study(folder, cluster)
    const sample = join(folder, 'sample')
    await mkdir(sample, { recursive: true })
    /** @type {typeof import('../../src/engine/corpus/sample/generateSample.ts')} */
    const { generateSample } = await import(pathToFileURL(join(root, 'out/node/sample.js')).href)
    const nobodyWatches = { signal: new AbortController().signal, report: () => undefined, note: () => undefined }
    await generateSample({ directory: sample, authors: 300, seed: 3 }, nobodyWatches)
    await writeFile(study.file, experiment(epochs))
    await writeFile(join(folder, 'slurm.yaml'), site)
    await study.must('embed', study.file, '--project', join(folder, 'base'))
    await cp(join(folder, 'base'), study.local, { recursive: true })
    await study.must('train', study.file, '--project', study.local)
    return study
  }

  /** A project with all that the runs need, and no run. */
  async project(/** @type {string} */ name) {
    const path = join(this.folder, name)
    await cp(join(this.folder, 'base'), path, { recursive: true })
    return path
  }

  /** Runs the command line here, in one thread. */
  isogloss(/** @type {string[]} */ ...args) {
    return run(process.execPath, [program, ...args], { env: { ...this.cluster.env, ISOGLOSS_THREADS: '1' } })
  }

  /**
   * What the command line prints.
   * @param {string[]} args
   * @throws {Error} with its last words where it fails
   */
  async must(...args) {
    const { code, output } = await this.isogloss(...args)
    must(code === 0, `isogloss ${args.join(' ')} ended with ${code}: ${output.slice(-800)}`)
    return output
  }

  /** Submits what is missing of some runs, or of all. */
  async submit(/** @type {string} */ project, /** @type {string[]} */ ...only) {
    const chosen = only.length > 0 ? ['--only', ...only] : []
    const output = await this.must('run', this.file, '--project', project, '--slurm', ...chosen, '--json')
    const answer = output.split('\n').find((line) => line.startsWith('{'))
    return new Submitted(this.cluster, JSON.parse(answer ?? '{}').folder)
  }

  /**
   * What the view of a project's jobs says at one look, by the names of steps.
   * @returns {Promise<Map<string, import('../../src/protocol/cluster.ts').ClusterStep>>}
   */
  async look(/** @type {string} */ project) {
    const output = await this.must('run', this.file, '--project', project, '--slurm', '--attach', '--dry-run', '--json')
    /** @type {import('../../src/protocol/cluster.ts').ClusterWork} */
    const { steps, silent } = JSON.parse(output)
    must(silent === null, `Slurm was not heard: ${silent}`)
    return new Map(steps.map((step) => [step.name, step]))
  }

  /** The folder of a run by its name for `--only`, without a project. */
  idOf(/** @type {string} */ name) {
    const [labels, model] = name.split('/')
    const id = readdirSync(join(this.local, 'runs')).find((id) =>
      manifestOf(join(this.local, 'runs', id)).title.startsWith(`Train ${labels}/${model},`),
    )
    if (!id) throw new Error(`there is no run ${name}`)
    return id
  }

  /** The epochs that are in a run's checkpoint, as JSON each: with their times, which no other training has. */
  epochsKept(/** @type {string} */ project, /** @type {string} */ name) {
    const folder = join(project, 'runs', `${this.idOf(name)}.checkpoint`)
    const states = readdirSync(folder)
      .filter((state) => /^state-\d+$/.test(state))
      .sort((a, b) => Number(a.slice(6)) - Number(b.slice(6)))
    const { epochs } = JSON.parse(readFileSync(join(folder, states.at(-1) ?? '', 'state.json'), 'utf8'))
    return /** @type {object[]} */ (epochs).map((epoch) => JSON.stringify(epoch))
  }

  /** How old the last checkpoint of a run was at a moment, in seconds: what is computed again. None where it was made later. */
  secondsLost(/** @type {string} */ project, /** @type {string} */ name, /** @type {number} */ atMs) {
    const folder = join(project, 'runs', `${this.idOf(name)}.checkpoint`)
    const states = readdirSync(folder).filter((state) => /^state-\d+$/.test(state))
    const made = states.map((state) => statSync(join(folder, state, 'state.json')).mtimeMs)
    return Math.max(0, atMs - Math.max(...made)) / 1000
  }

  /** Throws where a run went on from anything else than these epochs. */
  mustContinue(/** @type {string} */ project, /** @type {string} */ name, /** @type {string[]} */ kept) {
    const lines = readFileSync(join(project, 'runs', this.idOf(name), 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
    must(kept.length > 0 && lines.length > kept.length, `${kept.length} epochs were kept, of ${lines.length}`)
    must(
      kept.every((epoch, i) => sorted(epoch) === sorted(lines[i] ?? '')),
      'it did not go on from its checkpoint',
    )
  }

  /** Throws where a run has other weights or predictions than the one of this machine. */
  async mustEqualLocal(/** @type {string} */ project, /** @type {string} */ name) {
    const id = this.idOf(name)
    const files = ['model/weights.bin', 'predictions.parquet']
    for (const file of files) {
      const [here, there] = await Promise.all(
        [this.local, project].map((one) => sha256OfFile(join(one, 'runs', id, file))),
      )
      must(here === there, `${file} of ${name} differs from that of a local run`)
    }
    const threads = [this.local, project].map((one) => manifestOf(join(one, 'runs', id)).machine.threads)
    must(
      threads.every((count) => count === 1),
      `threads ${threads.join(' and ')}`,
    )
  }

  has(/** @type {string} */ project, /** @type {string} */ name) {
    return existsSync(join(project, 'runs', this.idOf(name), 'manifest.json'))
  }

  /** Throws where something is left in a project that belongs to work under way. */
  mustBeTidy(/** @type {string} */ project) {
    const left = readdirSync(project, { recursive: true }).filter((name) =>
      /\.tmp|checkpoint|lock|\.task|aside/.test(String(name)),
    )
    must(left.length === 0, `left in the project: ${left.join(', ')}`)
  }
}

/** The jobs of one call of `isogloss run --slurm`. */
export class Submitted {
  /**
   * @param {TestCluster} cluster
   * @param {string} folder of the scripts
   */
  constructor(cluster, folder) {
    this.cluster = cluster
    this.folder = folder
    const lines = readFileSync(join(folder, 'jobs.txt'), 'utf8').trim().split('\n')
    /** Ids by the names of jobs. */
    this.ids = Object.fromEntries(lines.map((line) => line.split(' ').reverse()))
  }

  /** What Slurm says of a task, such as RUNNING. */
  async state(/** @type {string} */ name, task = 0) {
    return this.cluster.ask('squeue', '-h', '--array', '--states=all', '-j', `${this.ids[name]}_${task}`, '-o', '%T')
  }

  /** Waits until a task is in a state. */
  reaches(/** @type {string} */ name, /** @type {string} */ state, task = 0, limitMs = 300_000) {
    return until(`${name} ${task} ${state}`, async () => (await this.state(name, task)) === state, limitMs)
  }

  /** Waits until Slurm has nothing left to do of all jobs. */
  ends(limitMs = 300_000) {
    const jobs = Object.values(this.ids).join(',')
    return until(
      'the end of all jobs',
      async () => (await this.cluster.ask('squeue', '-h', '-j', jobs)) === '',
      limitMs,
    )
  }

  async nodeOf(/** @type {string} */ name) {
    return this.cluster.ask('squeue', '-h', '-j', `${this.ids[name]}_0`, '-o', '%N')
  }

  /** What a task has written to its file. */
  log(/** @type {string} */ name, task = 0) {
    const path = join(this.folder, 'logs', `study-${name}-${this.ids[name]}_${task}.txt`)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }

  /** Waits until a task has told of some epoch. */
  hasTrained(/** @type {string} */ name, /** @type {number} */ epoch, task = 0) {
    return until(`epoch ${epoch}`, () => this.log(name, task).includes(`epoch ${epoch}: `), 180_000)
  }

  /** Waits until a task that was queued again is in the queue, and lets it begin without Slurm's two minutes. */
  async beginAgain(/** @type {string} */ name, task = 0) {
    await this.reaches(name, 'PENDING', task)
    await this.cluster.ask('scontrol', 'update', `jobid=${this.ids[name]}_${task}`, 'starttime=now')
  }
}

const manifestOf = (/** @type {string} */ folder) => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))

/** JSON without the order of its keys. */
const sorted = (/** @type {string} */ json) => JSON.stringify(Object.entries(JSON.parse(json)).sort())
