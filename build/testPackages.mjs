// `npm run test:packages`: builds, signs, installs in a clean Debian, uses, upgrades, tampers with and removes the packages of HEAD.
import { execFileSync } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { getCurrentFuseWire, FuseV1Options } from '@electron/fuses'
import { obeyPolicy, twoMachines, useArchive } from './packages/checkHomes.mjs'
import { Checks, must } from './packages/checks.mjs'
import { openInstalledWindow, sandboxOfPage } from './packages/installedWindow.mjs'
import { writeRepository } from './packages/repository.mjs'
import { makeRoot, runInRoot, succeeds } from './packages/testRoot.mjs'
import { findProgram, mustRun } from './setup/command.mjs'
import { sha256OfFile } from './setup/files.mjs'
import { root } from './setup/paths.mjs'

const { values } = parseArgs({ options: { seed: { type: 'string', default: String(randomInt(1, 1_000_000)) } } })
const seed = Number(values.seed)
const checks = new Checks('packages', seed)
const needed = ['mmdebstrap', 'apt-ftparchive', 'gpg', 'ar', 'strip', 'objdump', 'unshare', 'git']
const missing = needed.filter((name) => !findProgram(name))

async function testPackages() {
  await mkdir(join(root, 'out'), { recursive: true })
  const work = await mkdtemp(join(root, 'out', 'test-packages-'))
  try {
    const built = await build(work)
    if (!built) return
    const key = await throwAwayKey(work)
    const clean = join(work, 'root')
    await makeRoot(clean)
    const place = { work, clean, key, ...built }
    await install(place)
    await upgrade(place)
    await use(place)
    await twoMachines(checks, place)
    await useArchive(checks, place)
    await obeyPolicy(checks, place)
    await tamper(place)
    await remove(place)
  } finally {
    await rm(work, { recursive: true, force: true })
    if (process.env.GNUPGHOME?.startsWith('/tmp/isogloss-gpg-'))
      await rm(process.env.GNUPGHOME, { recursive: true, force: true })
  }
}

/** @typedef {{ work: string, clean: string, key: string, packages: string, older: string | null, repository: string }} Place */

/** Two builds of HEAD in two places, and one of the earliest commit that can be packed with what is installed. */
async function build(/** @type {string} */ work) {
  // Taken once: somebody may commit meanwhile.
  const head = commitOf('HEAD')
  const packages = join(work, 'packages')
  const built = await checks.check('packages are built from a checkout of HEAD', async () => {
    await buildCommit(head, join(work, 'checkout'), packages, ['dist.mjs --for-tests', 'distCommandLine.mjs'])
    return readdirSync(packages).join(', ')
  })
  if (!built) return null
  await checks.check('a second build of the commit, in another folder, has the same bytes', async () => {
    const programs = ['dist.mjs --for-tests', 'distCommandLine.mjs']
    await buildCommit(head, join(work, 'another', 'checkout'), join(work, 'packages-again'), programs)
    for (const name of readdirSync(packages)) {
      const [a, b] = await Promise.all(
        [packages, join(work, 'packages-again')].map((folder) => sha256OfFile(join(folder, name))),
      )
      must(a === b, `${name} differs`)
    }
  })
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const first = git('log', '--first-parent', '--diff-filter=A', '--format=%H', '--', 'build/testPackages.mjs')
    .split('\n')
    .at(-1)
  // A commit before the native TensorFlow was last made otherwise does not take the one that is here.
  const native = ['build/setup/tensorflow.mjs', 'build/setup/napiAutoRef.h', 'build/setup/quietTensorFlow.cc']
  const remade = git('log', '--first-parent', '-1', '--format=%H', '--', ...native)
  const isLater = first && git('rev-list', '--count', `${first}..${remade}`) !== '0'
  const earliest = isLater ? remade : first
  let older = null
  if (!earliest || earliest === head) checks.skip('upgrade', 'no earlier commit can be packed')
  else {
    const folder = join(work, 'packages-older')
    const done = await checks.check(`packages are built from the earlier commit ${earliest.slice(0, 7)}`, () =>
      buildCommit(earliest, join(work, 'older'), folder),
    )
    if (done) older = folder
  }
  return { packages, older, repository: join(work, 'repository') }
}

/**
 * @param {string} commit
 * @param {string} checkout new folder
 * @param {string} output
 * @param {string[]} [programs] of build/
 */
async function buildCommit(commit, checkout, output, programs = ['dist.mjs --for-tests']) {
  await mkdir(checkout, { recursive: true })
  await mustRun('Cloning', 'git', ['clone', '--quiet', '--shared', '--no-checkout', root, checkout])
  await mustRun('Checking out', 'git', ['checkout', '--quiet', '--detach', commitOf(commit)], { cwd: checkout })
  // Links to the same files: the packages are those of the lock file, and nothing writes into them.
  await mustRun('Copying the packages', 'cp', ['-al', join(root, 'node_modules'), join(checkout, 'node_modules')])
  for (const line of programs) {
    const [program, ...options] = line.split(' ')
    await mustRun('Building', process.execPath, [`build/${program}`, ...options, '--out', output], { cwd: checkout })
  }
  await rm(checkout, { recursive: true, force: true })
}

const commitOf = (/** @type {string} */ name) =>
  execFileSync('git', ['rev-parse', name], { cwd: root, encoding: 'utf8' }).trim()

async function throwAwayKey(/** @type {string} */ work) {
  // Sockets of gpg's agent want a short path.
  process.env.GNUPGHOME = await mkdtemp('/tmp/isogloss-gpg-')
  await mustRun('Making a key', 'gpg', [
    '--batch',
    '--passphrase',
    '',
    '--quick-generate-key',
    `Tests ${work}`,
    'ed25519',
    'sign',
    '1d',
  ])
  const keys = await mustRun('Reading the key', 'gpg', ['--batch', '--list-secret-keys', '--with-colons'])
  return /^fpr:+([0-9A-F]+):/m.exec(keys)?.[1] ?? ''
}

const debsOf = (/** @type {string} */ folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(folder, name))

const small = `name: small
corpus: {train: /usr/share/isogloss/sample/train.txt.gz, dev: /usr/share/isogloss/sample/dev.txt.gz, test: /usr/share/isogloss/sample/test.txt.gz, split: none}
preprocess: {minFrequency: 5, maxWords: 40}
labels: {kd: {method: kd-tree, bucket: 200}}
embeddings: {method: skip-gram, dimensions: 16, epochs: 1}
models:
  nb: {method: naive-bayes}
  stl: {method: attention-cnn, tasks: [labels], epochs: 1, filters: [16, 16], attentionUnits: 8}
matrix: {seeds: [1]}
evaluation: {resamples: 500}
`

/** From the signed folder, the earlier packages first where there are some. */
async function install(/** @type {Place} */ { packages, older, repository, key, clean }) {
  const inRoot = (/** @type {string} */ line, user = 'root') => runInRoot(clean, repository, line, user)
  await checks.check('the folder is signed, and so is each package in it', async () => {
    await writeRepository({ packages: debsOf(older ?? packages), folder: repository, key, url: 'file:/srv/isogloss' })
    for (const path of debsOf(join(repository, 'pool'))) await verifyPackage(path)
  })
  await checks.check('apt installs both packages in a clean Debian 12, without a question', async () => {
    await cp(join(repository, 'isogloss.sources'), join(clean, 'etc/apt/sources.list.d/isogloss.sources'))
    await succeeds(inRoot('apt-get update -q && apt-get install -qy isogloss-for-tests && useradd -m person'))
    const { stdout } = await inRoot('dpkg-query -W isogloss-for-tests isogloss-tensorflow-cpu')
    must(stdout.trim().split('\n').length === 2, stdout)
    return stdout.trim().replaceAll('\n', ', ').replaceAll('\t', ' ')
  })
}

/** The signature inside a package, over its members, as debsig-verify reads it. */
async function verifyPackage(/** @type {string} */ path) {
  const folder = await mkdtemp('/tmp/isogloss-deb-')
  try {
    await mustRun('Unpacking', 'ar', ['x', path], { cwd: folder })
    await mustRun('Joining', 'sh', ['-c', 'cat debian-binary control.tar.* data.tar.* > signed'], { cwd: folder })
    await mustRun('Verifying the package', 'gpg', ['--verify', '_gpgorigin', 'signed'], { cwd: folder })
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function use(/** @type {Place} */ { repository, clean }) {
  const asPerson = (/** @type {string} */ line) => succeeds(runInRoot(clean, repository, line, 'person'))
  await checks.check('the command line finds everything, without a display and as an ordinary user', async () => {
    const report = JSON.parse(await asPerson('isogloss doctor --json'))
    must(report.device.native && report.duckdb && report.gazetteer?.cities > 100_000, JSON.stringify(report))
    must(report.problems.length === 0, JSON.stringify(report.problems))
    return `TensorFlow ${report.device.tensorflowVersion}, DuckDB ${report.duckdb}, ${report.gazetteer.cities} places`
  })
  await checks.check('man page, completion, licences and bill of materials are there', async () => {
    const folder = '/usr/share/doc/isogloss-for-tests'
    const bill = JSON.parse(await asPerson(`cat ${folder}/sbom.cdx.json`))
    must(
      bill.components.some((/** @type {{ name: string }} */ { name }) => name === 'electron'),
      'the bill lacks Electron',
    )
    const licences = await asPerson(`zcat ${folder}/LICENSES.gz`)
    must(/^zod \d/m.test(licences) && /^node \d/m.test(licences), 'the licences lack a part')
    await asPerson('zcat /usr/share/man/man1/isogloss.1.gz | grep -q "SS run"')
    await asPerson('source /usr/share/bash-completion/completions/isogloss && complete -p isogloss')
    return `${bill.components.length} parts in the bill`
  })
  await checks.check('the sample runs by the command line', async () => {
    await writeFile(join(clean, 'home/person/small.yaml'), small)
    await asPerson('isogloss run small.yaml --project fresh')
    const { results } = JSON.parse(await asPerson('isogloss compare --project fresh --json'))
    const trained = results.filter((/** @type {{ model: string }} */ { model }) => model === 'nb' || model === 'stl')
    must(trained.length === 2, JSON.stringify(results))
    return trained
      .map((/** @type {{ model: string, accuracy: number }} */ { model, accuracy }) => `${model} ${accuracy}`)
      .join(', ')
  })
  await checks.check('the fuses are set, and Electron is no Node', async () => {
    const wire = await getCurrentFuseWire(join(clean, 'usr/lib/isogloss/isogloss'))
    const on = (/** @type {FuseV1Options} */ fuse) => wire[fuse] === '1'.charCodeAt(0)
    const off = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
    ]
    must(
      off.every((fuse) => !on(fuse)),
      'a fuse that has to be off is on',
    )
    must(
      on(FuseV1Options.OnlyLoadAppFromAsar) && on(FuseV1Options.EnableCookieEncryption),
      'a fuse that has to be on is off',
    )
    const { stdout } = await runInRoot(
      clean,
      repository,
      'ELECTRON_RUN_AS_NODE=1 timeout 10 /usr/lib/isogloss/isogloss -p 6*7',
      'person',
    )
    must(!stdout.includes('42'), 'it ran a script')
  })
  await useWindow(repository, clean)
}

async function useWindow(/** @type {string} */ repository, /** @type {string} */ clean) {
  await succeeds(
    runInRoot(clean, repository, 'apt-get install -qy --no-install-recommends xvfb xauth fonts-dejavu-core'),
  )
  const project = join(clean, 'home/person/by-window')
  // A project with an experiment that has not run: what is left to do is a press of keys.
  await succeeds(
    runInRoot(
      clean,
      repository,
      'sed s/small/window/ small.yaml > window.yaml && isogloss labels window.yaml --project by-window',
      'person',
    ),
  )
  /** @type {Awaited<ReturnType<typeof openInstalledWindow>> | null} */
  let open = null
  await checks.check(
    'the installed window opens for an ordinary user under Xvfb, with a project that is named',
    async () => {
      open = await openInstalledWindow(clean, repository, '/home/person/by-window')
      await open.page.getByRole('navigation').getByText('by-window').first().waitFor({ timeout: 30_000 })
      return open.page.url()
    },
  )
  const opened = /** @type {Awaited<ReturnType<typeof openInstalledWindow>> | null} */ (open)
  if (!opened) return
  const sandbox = sandboxOfPage()
  const names = readFileSync('/proc/sys/user/max_user_namespaces', 'utf8').trim()
  if (sandbox && Object.values(sandbox).every((held) => !held))
    checks.skip('sandbox', `this kernel forbids it (user.max_user_namespaces = ${names})`)
  else
    await checks.check('the page is in the sandbox: filtered calls, a network and processes of its own', async () => {
      must(sandbox && Object.values(sandbox).every(Boolean), JSON.stringify(sandbox))
    })
  await checks.check('the sample runs by the window, to the comparison', async () => {
    // Before the plan is read there is nothing to start.
    await opened.page.getByRole('navigation').getByText('0 of 2').waitFor({ timeout: 30_000 })
    await opened.page.keyboard.press('Control+Enter')
    await waitFor(
      180_000,
      () => existsSync(join(project, 'experiments', 'window.comparison.json')) || finishedRuns(project) >= 2,
    )
    await opened.page.screenshot({ path: join(root, 'out', 'installed-window.png') })
    return `${finishedRuns(project)} finished runs`
  })
  await checks.check('Help opens the documentation, which lies in the package', async () => {
    await opened.page.keyboard.press('Control+k')
    await opened.page.keyboard.type('Documentation')
    await opened.page.keyboard.press('Enter')
    const pages = () => opened.page.context().pages()
    await waitFor(20_000, () => pages().some((page) => page.url() === 'app://isogloss/help/index.html'))
  })
  await opened.close()
}

const finishedRuns = (/** @type {string} */ project) =>
  existsSync(join(project, 'runs'))
    ? readdirSync(join(project, 'runs')).filter((name) => /^[0-9a-f]{16}$/.test(name)).length
    : 0

async function waitFor(/** @type {number} */ limitMs, /** @type {() => boolean} */ holds) {
  const end = performance.now() + limitMs
  while (!holds()) {
    must(performance.now() < end, `not in ${limitMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** A project of the earlier version is opened, verified and gone on with by the current one. */
async function upgrade(/** @type {Place} */ { packages, older, repository, key, clean }) {
  if (!older) return
  const asPerson = (/** @type {string} */ line) => succeeds(runInRoot(clean, repository, line, 'person'))
  await checks.check('the earlier version makes a project', async () => {
    await writeFile(join(clean, 'home/person/small.yaml'), small)
    await asPerson('isogloss run small.yaml --project study')
  })
  await checks.check('apt upgrades to the packages of HEAD', async () => {
    const before = await asPerson('isogloss --version')
    await writeRepository({ packages: debsOf(packages), folder: repository, key, url: 'file:/srv/isogloss' })
    await succeeds(runInRoot(clean, repository, 'apt-get update -q && apt-get upgrade -qy'))
    const after = await asPerson('isogloss --version')
    must(before !== after, `it is still ${after}`)
    return `${before.trim()} -> ${after.trim()}`
  })
  await checks.check('a project of the earlier version is whole, and its experiment is done or goes on', async () => {
    await asPerson('isogloss verify --project study')
    await asPerson('isogloss run small.yaml --project study')
    const { results } = JSON.parse(await asPerson('isogloss compare --project study --json'))
    must(results.length > 0, 'no results')
  })
}

/** Somebody in between, or with access to the share, changes one file of the folder. */
async function tamper(/** @type {Place} */ { work, repository, clean }) {
  const lists = join('dists', 'stable')
  const [deb = ''] = readdirSync(join(repository, 'pool'))
    .filter((name) => name.startsWith('isogloss-tensorflow'))
    .sort()
    .reverse()
  const cases = {
    Packages: { path: join(lists, 'main', 'binary-amd64', 'Packages'), command: 'apt-get update -q' },
    InRelease: { path: join(lists, 'InRelease'), command: 'apt-get update -q' },
    deb: {
      path: join('pool', deb),
      command: 'apt-get update -q && apt-get install -qy --reinstall isogloss-tensorflow-cpu',
    },
  }
  for (const [what, { path, command }] of Object.entries(cases)) {
    await checks.check(`a tampered ${what} is refused`, async () => {
      const copy = join(work, `tampered-${what}`)
      await mustRun('Copying', 'cp', ['-a', repository, copy])
      await changeOneByte(join(copy, path))
      if (what === 'Packages') await rm(join(copy, `${path}.gz`), { force: true })
      // Lists that were read before would be believed.
      const { code, output } = await runInRoot(
        clean,
        copy,
        `rm -rf /var/lib/apt/lists/*isogloss* /var/cache/apt/archives/*.deb; ${command}`,
      )
      await rm(copy, { recursive: true })
      must(code !== 0 && /isogloss/.test(output), `apt took it (exit code ${code}): ${output.slice(-500)}`)
      return /^[EW]: .*/m.exec(output)?.[0].slice(0, 160)
    })
  }
}

/** A letter of the text of a list, any byte of a package: which one hangs on the seed. */
async function changeOneByte(/** @type {string} */ path) {
  const bytes = await readFile(path)
  const hash = createHash('sha256')
    .update(`${seed} ${path.split('/').at(-1)}`)
    .digest()
  const start = path.endsWith('InRelease') ? bytes.indexOf('Origin:') : 0
  const end = path.endsWith('InRelease') ? bytes.indexOf('-----BEGIN PGP SIGNATURE') - 2 : bytes.length
  const at = start + (hash.readUInt32BE(0) % (end - start))
  bytes[at] = (bytes[at] ?? 0) ^ 1
  await writeFile(path, bytes)
}

async function remove(/** @type {Place} */ { repository, clean }) {
  await checks.check('removal leaves the projects as they were, and nothing of the program', async () => {
    const sums = () =>
      execFileSync('sh', ['-c', 'find home/person/fresh home/person/by-window -type f | sort | xargs sha256sum'], {
        cwd: clean,
        encoding: 'utf8',
      })
    const before = sums()
    await succeeds(runInRoot(clean, repository, 'apt-get purge -qy isogloss-for-tests isogloss-tensorflow-cpu'))
    must(sums() === before, 'a project changed')
    for (const path of ['usr/lib/isogloss', 'usr/bin/isogloss', 'etc/isogloss', 'etc/apparmor.d/isogloss'])
      must(!existsSync(join(clean, path)), `${path} is still there`)
  })
}

if (process.platform !== 'linux' || process.getuid?.() !== 0)
  checks.skip('everything', 'a root of its own wants Linux and root')
else if (missing.length > 0) checks.skip('everything', `there is no ${missing.join(', ')}`)
else await testPackages()
checks.end()
