import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { peakMemoryMiB } from './peakMemory.ts'
import { programs } from './programs.ts'
import { sizes, type Size } from './program.ts'
import { sidesOf } from './sides.ts'
import { virtualEnvironment } from './virtualEnvironment.ts'

const usage = `usage: npm run -s bench -- NAME [--size ${sizes.join('|')}]\nNAME: ${Object.keys(programs).join(', ')}`

async function main(argv: string[]): Promise<void> {
  if (argv[0] === '--side') return side(argv.slice(1))
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { size: { type: 'string', default: 'default' } },
  })
  const name = positionals[0] ?? ''
  const program = programs[name]
  if (!program || !sizes.includes(values.size as Size)) {
    process.stderr.write(`${usage}\n`)
    process.exit(2)
  }
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const directory = await mkdtemp(join(tmpdir(), `isogloss-bench-${name}-`))
  try {
    const python = program.peerIn === 'electron' ? '' : await virtualEnvironment(program.peers, say)
    const figures = await program.run({
      size: values.size as Size,
      directory,
      say,
      ...sidesOf(name, directory, python),
    })
    process.stdout.write(`${JSON.stringify({ bench: name, size: values.size, peers: program.peers, ...figures })}\n`)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** One side's work in this process: its result and peak memory as one line. */
async function side([name, part, file]: string[]): Promise<void> {
  const task = JSON.parse(await readFile(file!, 'utf8')) as never
  const result = await programs[name!]!.ours[part!]!(task)
  process.stdout.write(`${JSON.stringify({ ...result, peakMemoryMiB: peakMemoryMiB() })}\n`)
  process.exit(0)
}

await main(process.argv.slice(2))
