import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EngineClient } from './engineClient.ts'

/** An engine that answers a request and ends its job in one breath, as a job does that fails at once. */
const hasty = `
process.on('message', ({ id, method }) => {
  process.send({ kind: 'response', id, result: { job: 'job-1' } })
  const ended = method === 'corpus.import' ? { outcome: 'failed', error: { code: 'disk/full', message: 'The disk is full.' } } : { outcome: 'finished' }
  process.send({ kind: 'event', event: 'job.finished', payload: { job: 'job-1', ...ended } })
})
`

let directory: string
let engine: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  engine = join(directory, 'engine.mjs')
  await writeFile(engine, hasty)
})
afterAll(() => rm(directory, { recursive: true }))

describe('EngineClient', () => {
  it('hears the end of a job that ends before its id was heard', async () => {
    for (const wait of [0, 50]) {
      const client = new EngineClient(engine)
      const { job } = await client.request('corpus.import', { corpus: { train: 'x' } })
      if (wait > 0) await new Promise((done) => setTimeout(done, wait))
      await expect(client.finished(job)).rejects.toMatchObject({ code: 'disk/full' })
      client.close()
    }
    const client = new EngineClient(engine)
    const { job } = await client.request('machine.measure', {})
    await client.finished(job)
    client.close()
  })

  it('ends with a message where its engine is gone', async () => {
    const gone = join(directory, 'gone.mjs')
    await writeFile(gone, 'process.on("message", () => process.exit(7))')
    const client = new EngineClient(gone)
    await expect(client.request('doctor', {})).rejects.toMatchObject({
      code: 'engine/crashed',
      message: expect.stringContaining('exit code 7') as string,
    })
    await expect(client.request('doctor', {})).rejects.toMatchObject({ code: 'engine/crashed' })
  })
})
