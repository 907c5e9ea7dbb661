import { setImmediate } from 'node:timers/promises'
import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import type { Request } from '#protocol/wire.ts'
import { EngineConnection, type EnginePort } from './engineConnection.ts'

const opened: NodePort[] = []
afterEach(() => opened.splice(0).forEach((port) => port.close()))

/** A real channel with a small engine of our own behind it. */
function engine(answer: (request: Request) => object | null) {
  const { port1, port2 } = new MessageChannel()
  opened.push(port1, port2)
  const seen: Request[] = []
  port2.on('message', (request: Request) => {
    seen.push(request)
    const response = answer(request)
    if (response) port2.postMessage({ kind: 'response', id: request.id, ...response })
  })
  return { port: port1 as unknown as EnginePort, say: (event: object) => port2.postMessage(event), seen }
}

describe('EngineConnection', () => {
  it('pairs answers with their requests, whatever their order', async () => {
    const connection = new EngineConnection()
    const held: Request[] = []
    const { port, say } = engine((request) => {
      held.push(request)
      if (held.length === 2) for (const { id, params } of held.reverse()) say({ kind: 'response', id, result: params })
      return null
    })
    connection.attach(port)
    const [first, second] = await Promise.all([
      connection.request('project.open', { directory: 'a' }),
      connection.request('project.open', { directory: 'b' }),
    ])
    expect([first.directory, second.directory]).toEqual(['a', 'b'])
  })

  it('throws what the engine reports', async () => {
    const connection = new EngineConnection()
    connection.attach(
      engine(() => ({ error: { code: 'project/not-found', message: 'There is none.', data: { a: 1 } } })).port,
    )
    const refused = connection.request('project.view', {})
    await expect(refused).rejects.toBeInstanceOf(EngineError)
    await expect(refused).rejects.toMatchObject({
      code: 'project/not-found',
      message: 'There is none.',
      data: { a: 1 },
    })
  })

  it('keeps requests until there is a port', async () => {
    const connection = new EngineConnection()
    const asked = connection.request('project.lastExperiment', {})
    connection.attach(engine(() => ({ result: { name: 'x' } })).port)
    expect(await asked).toEqual({ name: 'x' })
  })

  it('refuses all that waits when the engine ends, and works again with the next one', async () => {
    const connection = new EngineConnection()
    connection.attach(engine(() => null).port)
    const waiting = [connection.request('doctor', {}), connection.request('project.view', {})]
    const reason = new EngineError('engine/stopped', 'It stopped.')
    connection.detach(reason)
    for (const request of waiting) await expect(request).rejects.toBe(reason)
    connection.attach(engine(() => ({ result: null })).port)
    expect(await connection.request('project.close', {})).toBeNull()
  })

  it('tells events to those who listen, until they stop', async () => {
    const connection = new EngineConnection()
    const { port, say } = engine(() => ({ result: null }))
    connection.attach(port)
    const heard: string[] = []
    const stop = connection.on('job.note', ({ message }) => heard.push(message))
    say({ kind: 'event', event: 'job.note', payload: { job: 'j', message: 'one' } })
    await connection.request('project.close', {})
    stop()
    say({ kind: 'event', event: 'job.note', payload: { job: 'j', message: 'two' } })
    await connection.request('project.close', {})
    await setImmediate()
    expect(heard).toEqual(['one'])
  })
})
