import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bench, Measured } from './program.ts'

const peers = fileURLToPath(new URL('../../bench/peers/', import.meta.url))

/** Runs the two sides of a bench, each in a process of its own that prints one JSON line at its end. */
export function sidesOf(name: string, directory: string, python: string): Pick<Bench, 'ours' | 'peer'> {
  let tasks = 0
  const withTask = async (task: object) => {
    const file = join(directory, `task-${++tasks}.json`)
    await writeFile(file, JSON.stringify(task))
    return file
  }
  return {
    ours: async <Result>(side: string, task: object) => {
      const { node = [], ...rest } = task as { node?: string[] }
      const bench = fileURLToPath(new URL('./bench.js', import.meta.url))
      return lastLine<Result>(process.execPath, [...node, bench, '--side', name, side, await withTask(rest)])
    },
    peer: async <Result>(script: string, task: object) =>
      lastLine<Result>(python, [join(peers, `${script}.py`), await withTask(task)]),
  }
}

/** @throws with what the program wrote to stderr when it fails */
async function lastLine<Result>(program: string, args: string[]): Promise<Measured<Result>> {
  // Python leaves no compiled copies of the peers in the checkout.
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [output, complaint] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-4000)))
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${complaint}`)
  return JSON.parse(output.trimEnd().split('\n').at(-1)!) as Measured<Result>
}
