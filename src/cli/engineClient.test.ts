import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EngineClient } from './engineClient.ts'

/** An engine whose every job ends before its starter has heard of it. */
const hastyEngine = (outcome: string) => `
let jobs = 0
process.on('message', ({ id }) => {
  const job = 'job-' + ++jobs
  process.send({ kind: 'response', id, result: { job } })
  process.send({ kind: 'event', event: 'job.finished', payload: { job, ...${outcome} } })
})
process.on('disconnect', () => process.exit())
`

test.each([
  ['{ outcome: "finished" }', 'finished'],
  ['{ outcome: "failed", error: { code: "disk/full", message: "The disk is full." } }', 'The disk is full.'],
])('hears of a job that ended at once: %s', async (outcome, heard) => {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-client-'))
  const script = join(directory, 'engine.mjs')
  await writeFile(script, hastyEngine(outcome))
  const engine = new EngineClient(script)
  onTestFinished(async () => {
    engine.close()
    await rm(directory, { recursive: true })
  })
  await engine.request('experiment.run', { name: 'first' })
  const started = engine.request('experiment.run', { name: 'second' })
  // A busy client reads the answer and the event together, and then hears of both before it can go on.
  await new Promise((resolve) => setImmediate(resolve))
  for (const until = performance.now() + 500; performance.now() < until; ) continue
  const { job } = await started
  expect(await engine.finished(job).then(() => 'finished', (error: Error) => error.message)).toBe(heard)
}, 10_000)
