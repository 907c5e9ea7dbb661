import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mustRun, run } from '../setup/command.mjs'
import { slurmConf } from './slurmConf.mjs'

/**
 * A real Slurm for tests, all of it on this machine and on loopback: munged, slurmctld, and a slurmd a node, each with a host
 * name and process ids of its own, as machines would have. Needs root. Its daemons die with this process, however that ends.
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 */

/** Unix sockets lie in the folder, and may have names of 108 bytes. */
const parent = '/tmp'
const prefix = 'isogloss-slurm-'

/** Each daemon is killed by the system when this process ends. */
const tied = ['setpriv', '--pdeathsig', 'KILL', '--']

export class TestCluster {
  nodes = ['n1', 'n2']
  /** @type {Map<string, ChildProcess>} by the name of the daemon or node */
  #daemons = new Map()

  /** @param {string} folder where all its state lies */
  constructor(folder) {
    this.folder = folder
    this.env = { SLURM_CONF: join(folder, 'slurm.conf') }
  }

  /**
   * @param {number} cpus that each node claims, which may be more than there are
   * @throws {Error} with the last lines of the logs where it does not start
   */
  static async start(cpus = 4) {
    sweep()
    const folder = await mkdtemp(join(parent, `${prefix}${process.pid}-`))
    // munged trusts no folder that others cannot look into.
    chmodSync(folder, 0o755)
    const cluster = new TestCluster(folder)
    try {
      await cluster.#start(cpus)
    } catch (error) {
      const logs = readdirSync(join(folder, 'log')).map((name) => readFileSync(join(folder, 'log', name), 'utf8'))
      await cluster.stop()
      throw new Error(`${error instanceof Error ? error.message : error}\n${logs.join('\n').slice(-2000)}`)
    }
    return cluster
  }

  async #start(/** @type {number} */ cpus) {
    for (const name of ['state', 'log', 'munge', ...this.nodes.map((node) => `spool-${node}`)])
      await mkdir(join(this.folder, name), { mode: 0o755 })
    const ports = await freePorts(1 + this.nodes.length)
    const host = hostname()
    await writeFile(join(this.folder, 'hosts'), `127.0.0.1 localhost ${host} ${this.nodes.join(' ')}\n`)
    await writeFile(this.env.SLURM_CONF, slurmConf({ folder: this.folder, host, nodes: this.nodes, cpus, ports }))
    await writeFile(join(this.folder, 'munge', 'key'), randomBytes(128), { mode: 0o600 })
    const munge = (/** @type {string} */ name) => join(this.folder, 'munge', name)
    this.#launch('munged', [
      ...['munged', '--foreground', `--key-file=${munge('key')}`, `--socket=${munge('socket')}`, '--num-threads=2'],
      ...[
        `--pid-file=${munge('pid')}`,
        `--seed-file=${munge('seed')}`,
        `--log-file=${join(this.folder, 'log', 'munged')}`,
      ],
    ])
    await until('munged', () => existsSync(munge('socket')))
    this.#launch('slurmctld', [
      ...['unshare', '--mount', 'sh', '-c', 'mount --bind "$1" /etc/hosts && exec slurmctld -D -c -f "$2"', 'sh'],
      ...[join(this.folder, 'hosts'), this.env.SLURM_CONF],
    ])
    for (const node of this.nodes) this.boot(node)
    for (const node of this.nodes) await this.whenIdle(node)
  }

  /** Starts a node; bash is the first process of its own space, and reaps. */
  boot(/** @type {string} */ node) {
    const inside = 'hostname "$3" && mount --bind "$1" /etc/hosts || exit; slurmd -D -N "$3" -f "$2" & wait'
    this.#launch(node, [
      ...['unshare', '--mount', '--uts', '--pid', '--fork', '--mount-proc', '--kill-child', 'bash', '-c', inside, 'sh'],
      ...[join(this.folder, 'hosts'), this.env.SLURM_CONF, node],
    ])
  }

  whenIdle(/** @type {string} */ node) {
    return until(
      `an idle ${node}`,
      async () => (await this.ask('sinfo', '-h', '-N', '-p', 'low', '-n', node, '-o', '%t')) === 'idle',
    )
  }

  /** Ends a node and every process on it at once, as a power cut does, and has Slurm notice without its timeout. */
  async crash(/** @type {string} */ node) {
    const daemon = this.#daemons.get(node)
    const init = this.#initOf(node)
    daemon?.kill('SIGKILL')
    // A node that still dies would hear from Slurm that it is down, and end its tasks in order.
    await until(
      `${node} to be gone`,
      () => (daemon?.exitCode != null || daemon?.signalCode != null) && !existsSync(`/proc/${init}`),
    )
    await this.ask('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=crashed')
  }

  /**
   * Starts a program that does nothing, on a node, with a process id that was another's there.
   * @returns {Promise<ChildProcess>} ends with the node
   */
  async occupy(/** @type {string} */ node, /** @type {number} */ processId) {
    const script = `for i in 1 2 3 4 5; do echo $(($1 - 1)) > /proc/sys/kernel/ns_last_pid; sleep 600 & [ $! = $1 ] && echo there && wait; kill $!; done`
    const child = this.#onNode(node, ['bash', '-c', script, 'bash', String(processId)])
    let said = ''
    child.stdout?.on('data', (text) => (said += text))
    await until(`process ${processId} on ${node}`, () => said.includes('there'))
    return child
  }

  /** The first process of a node, as this machine counts; with it all others of the node end. */
  #initOf(/** @type {string} */ node) {
    const outside = this.#daemons.get(node)?.pid
    return readFileSync(`/proc/${outside}/task/${outside}/children`, 'utf8').trim()
  }

  /** Runs a program inside of a node, with what it says. */
  #onNode(/** @type {string} */ node, /** @type {string[]} */ command) {
    const init = this.#initOf(node)
    const [program = '', ...args] = [
      ...tied,
      'nsenter',
      '--target',
      init,
      '--mount',
      '--uts',
      '--pid',
      '--',
      ...command,
    ]
    return spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  }

  /**
   * What a program of Slurm answers, without the line's end.
   * @param {string} program
   * @param {string[]} args
   * @throws {Error} where it fails
   */
  async ask(program, ...args) {
    return (await mustRun(`Asking ${program}`, program, args, { env: this.env, timeoutMs: 30_000 })).trim()
  }

  /** As `ask`, for what may fail. */
  try(/** @type {string} */ program, /** @type {string[]} */ ...args) {
    return run(program, args, { env: this.env, timeoutMs: 30_000 })
  }

  /** Ends all jobs, then all daemons, and removes the folder. */
  async stop() {
    if (this.#daemons.has('slurmctld')) await this.try('scancel', '--user=root')
    // A node takes what still runs on it along.
    const order = [...this.nodes, 'slurmctld', 'munged'].flatMap((name) => this.#daemons.get(name) ?? [])
    for (const daemon of order) daemon.kill('SIGKILL')
    await until('the daemons to be gone', () =>
      order.every(({ exitCode, signalCode }) => exitCode != null || signalCode != null),
    )
    await rm(this.folder, { recursive: true, force: true })
  }

  #launch(/** @type {string} */ name, /** @type {string[]} */ command) {
    const [program = '', ...args] = [...tied, ...command]
    const log = openSync(join(this.folder, 'log', `${name}.out`), 'a')
    // In a group of its own: Ctrl+C at the terminal is for us, who stop it in order.
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      detached: true,
      env: { ...process.env, ...this.env },
    })
    closeSync(log)
    child.on('error', () => undefined)
    this.#daemons.set(name, child)
  }
}

/** Removes the folders of clusters whose process was killed. */
function sweep() {
  for (const name of readdirSync(parent)) {
    const owner = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : 0
    if (owner > 0 && !existsSync(`/proc/${owner}`)) rmSync(join(parent, name), { recursive: true, force: true })
  }
}

/** Ports that nobody listens at now. */
async function freePorts(/** @type {number} */ count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))))
  const ports = servers.map((server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/**
 * @param {string} what is waited for, in words
 * @param {() => boolean | Promise<boolean>} holds a look that fails is a look too early
 * @param {number} [limitMs]
 * @throws {Error} after the limit
 */
export async function until(what, holds, limitMs = 30_000) {
  const end = performance.now() + limitMs
  for (;;) {
    if (
      await Promise.resolve()
        .then(holds)
        .catch(() => false)
    )
      return
    if (performance.now() > end) throw new Error(`${what}: not in ${limitMs / 1000} s`)
    await sleep(200)
  }
}
