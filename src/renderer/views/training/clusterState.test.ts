import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ClusterState as State, ClusterStep, ClusterWork } from '#protocol/cluster.ts'
import { ScriptedEngine } from '../../testing/engines.ts'
import { ClusterState } from './clusterState.svelte.ts'

const work = (...states: State[]): ClusterWork => ({
  experiment: 'x',
  steps: states.map((state, i) => ({ id: `${i}`, stage: 'training', state }) as ClusterStep),
  jobs: ['1'],
  silent: null,
  command: '',
})

it('shows what the engine tells of the experiment that is looked at, and has results read once all have ended', async () => {
  const engine = new ScriptedEngine()
  const arrived: string[] = []
  const cluster = new ClusterState(engine.connection, {
    step: () => arrived.push('step'),
    results: () => arrived.push('results'),
  })
  engine.on('cluster.watch', () => work('running', 'queued'))
  engine.on('cluster.cancel', () => ({ jobs: ['1'] }))
  cluster.look('x')
  await setImmediate()
  engine.say('cluster.changed', { experiment: 'y', work: work('done', 'done') })
  engine.say('cluster.changed', { experiment: 'x', work: work('done', 'running') })
  await setImmediate()
  expect([arrived, cluster.unread]).toEqual([['step'], 1])
  engine.say('cluster.changed', { experiment: 'x', work: work('done', 'done') })
  await setImmediate()
  expect(arrived).toEqual(['step', 'step', 'results'])
  await cluster.cancel()
  expect(engine.asked).toEqual([
    'cluster.watch {"name":"x"}',
    'cluster.cancel {"name":"x"}',
    'cluster.watch {"name":"x"}',
  ])
  cluster.look(null)
  expect(cluster.work.current.state).toBe('idle')
})
