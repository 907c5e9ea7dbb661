import { spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/** The program, for Node. */
export const script = resolve(import.meta.dirname, '../../../build/isogloss.mjs')

/**
 * Starts `isogloss` as a person at a shell does: leader of a process group that its engine belongs to.
 * `seen` is called with standard error as it grows.
 */
export function start(
  args: string[],
  input = '',
  seen: (stderr: string, child: ChildProcess) => void = () => undefined,
  environment: Record<string, string> = {},
): Promise<Finished> {
  const env = { ...process.env, ...environment }
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    env,
  })
  const finished: Finished = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (finished.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    finished.stderr += chunk.toString()
    seen(finished.stderr, child)
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return new Promise((done) => child.on('close', (code) => done({ ...finished, code })))
}

export const isogloss = (...args: string[]) => start(args)
