import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  // What we started does not outlive us; then the signal does what it does by default.
  const stop = () => {
    for (const child of running) child.kill('SIGTERM')
    process.kill(process.pid, signal)
  }
  process.once(signal, stop)
}

/**
 * Runs a program to its end and collects what it prints.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, show?: boolean }} [options]
 *   show: also pass its standard error on, where pip and npm draw their progress
 * @returns {Promise<{ code: number, output: string }>} code 127 where the program could not be started, 124 after the time limit
 */
export function run(program, args, { cwd, env, timeoutMs, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let timedOut = false
    const timer = timeoutMs
      ? setTimeout(() => {
          timedOut = true
          child.kill('SIGKILL')
        }, timeoutMs)
      : undefined
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
        if (show) process.stderr.write(text)
      })
    }
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve({ code: 127, output: `${program}: ${error.message}` })
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code: timedOut ? 124 : (code ?? 1), output })
    })
  })
}

/**
 * As `run`, for a program that has to succeed.
 * @param {string} what the sentence's subject if it fails: "Compiling the TensorFlow binding"
 * @param {string} program
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function mustRun(what, program, args, options) {
  const { code, output } = await run(program, args, options)
  if (code === 0) return output
  const why = code === 124 ? `took longer than ${(options?.timeoutMs ?? 0) / 1000} s` : `ended with exit code ${code}`
  const tail = output.trimEnd().split('\n').slice(-15).join('\n  ')
  throw new Error(`${what} failed: ${program} ${why}.\n  ${tail}`)
}

/** Full path of a program on PATH, or null. */
export function findProgram(/** @type {string} */ name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Not in this folder.
    }
  }
  return null
}
