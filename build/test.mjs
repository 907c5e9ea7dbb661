// `npm test` after its set-up: every suite in turn, whatever the ones before have said, and one line that counts them all.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from './compile.mjs'
import { findProgram, run } from './setup/command.mjs'
import { findElectron } from './setup/electron.mjs'
import { inPackage, root } from './setup/paths.mjs'
import { readHarness, readPlaywrightReport, readVitestReport, totalOf } from './testReports.mjs'
import { typecheck } from './typecheck.mjs'

/** @typedef {import('./testReports.mjs').Counts} Counts */

const reports = join(root, 'test-results', 'reports')
const passed = { passed: 1, failed: 0, skipped: 0 }
const failed = { passed: 0, failed: 1, skipped: 0 }

/** @type {Record<string, () => Promise<Counts>>} */
const suites = {
  async lint() {
    // Types of all layers at once are more than Node's usual heap holds.
    const args = ['--max-old-space-size=8192', inPackage('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0']
    return (await collect(args)) === 0 ? passed : failed
  },

  async format() {
    const args = [inPackage('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']
    return (await collect(args)) === 0 ? passed : failed
  },

  async typecheck() {
    return totalOf((await typecheck()).map(({ ok }) => (ok ? passed : failed)))
  },

  async build() {
    await compile(['node', 'window'], (line) => process.stdout.write(`${line}\n`))
    return passed
  },

  async 'unit and integration'() {
    const report = join(reports, 'vitest.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const code = await show([inPackage('vitest', 'vitest.mjs'), 'run', ...reporters])
    return withExitCode(readVitestReport(readJson(report)), code)
  },

  async cluster() {
    const { code, output } = await run(process.execPath, [join('build', 'testSlurm.mjs'), '--quick'], { cwd: root })
    process.stdout.write(output)
    return withExitCode(readHarness(output), code)
  },

  async 'end to end'() {
    const config = join('e2e', 'playwright.config.ts')
    if (!existsSync(join(root, config))) {
      process.stdout.write(`skipped: there is no ${config}\n`)
      return { passed: 0, failed: 0, skipped: 1 }
    }
    const report = join(reports, 'playwright.json')
    const found = findElectron()
    process.stdout.write(`Electron ${found?.version}${found?.forTests ? ', the runtime for tests' : ''}\n`)
    const args = [inPackage('@playwright/test', 'cli.js'), 'test', '--config', config, '--reporter=list,json']
    const code = await show(args, {
      onDisplay: true,
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
    })
    return withExitCode(readPlaywrightReport(readJson(report)), code)
  },
}

/** Those that run side by side: each of them leaves a core idle for a while. */
const together = ['lint', 'format', 'typecheck']

/**
 * Runs a script of an installed package and shows what it said once it has ended.
 * @param {string[]} args
 * @returns {Promise<number>} its exit code
 */
async function collect(args) {
  const { code, output } = await run(process.execPath, args, { cwd: root })
  process.stdout.write(output)
  return code
}

/**
 * Runs a script of an installed package with our own output.
 * @param {string[]} args
 * @param {{ onDisplay?: boolean, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code
 */
function show(args, { onDisplay = false, env } = {}) {
  const display = onDisplay && process.platform === 'linux' && !process.env.DISPLAY && findProgram('xvfb-run')
  const [program = '', ...rest] = [
    ...(display ? [display, '-a', '-s', '-screen 0 1600x1000x24'] : []),
    ...[process.execPath, ...args],
  ]
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.on('error', (error) => {
      process.stdout.write(`${error.message}\n`)
      resolve(127)
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** A runner that fails without a failed test, as on an error outside of every test, counts as one. */
const withExitCode = (/** @type {Counts} */ counts, /** @type {number} */ code) =>
  code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts

function readJson(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })
const only = process.argv.slice(2)
/** @type {Counts[]} */
const counts = []

/**
 * Runs a suite and says how it ended, which is kept for the last line.
 * @param {string} name
 * @param {() => Promise<Counts>} suite
 */
async function account(name, suite) {
  process.stdout.write(`\n== ${name}\n`)
  const started = performance.now()
  const found = await suite().catch((error) => {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return failed
  })
  counts.push(found)
  const { passed, failed: bad, skipped } = found
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`-- ${name}: ${bad === 0 ? 'ok' : 'FAILED'} (${passed} + ${bad} + ${skipped}, ${seconds} s)\n`)
}

const wanted = Object.entries(suites).filter(([name]) => only.length === 0 || only.includes(name))
await Promise.all(wanted.filter(([name]) => together.includes(name)).map(([name, suite]) => account(name, suite)))
for (const [name, suite] of wanted) if (!together.includes(name)) await account(name, suite)
const total = totalOf(counts)
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
process.exitCode = total.failed === 0 ? 0 : 1
