import { execFile } from 'node:child_process'

/** How long Slurm is waited for: a controller that is busy or gone is asked again by whoever still wants to know. */
const patienceMs = 5_000
const mostBytes = 64 << 20

/**
 * Runs one of Slurm's programs, where they are.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<{ failed: boolean, stdout: string, stderr: string }>} `stderr` says why it failed, in words
 */
export const askSlurm = (program, args) =>
  new Promise((resolve) => {
    const options = { timeout: patienceMs, killSignal: /** @type {const} */ ('SIGKILL'), maxBuffer: mostBytes }
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ failed: error !== null, stdout, stderr: error ? whyNot(program, error, stderr) : stderr }),
    )
  })

/**
 * @param {string} program
 * @param {import('node:child_process').ExecFileException} error
 * @param {string} stderr
 */
function whyNot(program, error, stderr) {
  if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return `there is no ${program} on this machine`
  if (error.killed) return `${program} gave no answer within ${patienceMs / 1000} s`
  return stderr.trim().split('\n').at(-1) || error.message
}
