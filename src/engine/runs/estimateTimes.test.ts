import { describe, expect, it } from 'vitest'
import { experimentFile } from '#protocol/experiment.ts'
import { attentionCnnSettings, type AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { MachineProfile } from '#protocol/machine.ts'
import { networkCost } from '#engine/models/attentionCnn/networkCost.ts'
import type { CorpusSize } from './corpusSize.ts'
import { estimateMs } from './estimateTimes.ts'
import type { PlannedStep } from './planExperiment.ts'

const experiment = experimentFile.parse({
  name: 'x',
  corpus: { train: ['x.txt'] },
  embeddings: { method: 'skip-gram', dimensions: 320, epochs: 10 },
  models: { stl: attentionCnnSettings.parse({ epochs: 20 }) },
})
const size: CorpusSize = { documents: 1000, trainDocuments: 800, words: 100_000, vocabulary: 5000 }
/** A machine of which the truth is known: 2 ms a step, 100 GFLOP/s, 1 ns a parameter. */
const seconds = (operations: number, parameters: number) => 0.002 + operations / 1e11 + parameters * 1e-9
const profile: MachineProfile = {
  isogloss: '0',
  backend: 'tensorflow',
  device: 'cpu',
  threads: 2,
  gigaflops: 100,
  tokensPerSecond: 1e6,
  skipGram: [
    { dimensions: 128, wordsPerSecond: 1 / (1e-6 + 128e-8) },
    { dimensions: 512, wordsPerSecond: 1 / (1e-6 + 512e-8) },
  ],
  steps: [
    [1e9, 1e6],
    [2e10, 1.4e6],
    [1.1e9, 5e6],
  ].map(([operations, parameters]) => ({
    title: '',
    documents: 32,
    operations: operations!,
    parameters: parameters!,
    seconds: seconds(operations!, parameters!),
  })),
}
const step = (stage: PlannedStep['stage'], more: Partial<PlannedStep> = {}): PlannedStep => ({
  stage,
  kind: 'run',
  id: '',
  recipe: {},
  needs: [],
  title: '',
  state: 'missing',
  ...more,
})
const estimate = (planned: PlannedStep, machine = profile) => estimateMs(planned, experiment, size, () => 200, machine)

describe('estimateMs', () => {
  it('takes a word of skip-gram by its dimensions', () => {
    expect(estimate(step('embedding'))! / 1000).toBeCloseTo(80_000 * 10 * (1e-6 + 320e-8), 6)
  })

  it('takes training by the steps of its epochs, with the costs that the machine really has', () => {
    const settings = experiment.models['stl'] as AttentionCnnSettings
    const positions = 32 * 100 * 1.1
    const cost = networkCost(
      settings,
      { dimensions: 320, labelCount: 200 },
      { documents: 32, positions, distinctWords: 1.2 * positions ** 0.87 },
    )
    const steps = 20 * (800 / 32 + (100 * cost.forward) / (cost.step * 32))
    expect(estimate(step('training', { labels: 'kd', model: 'stl', seed: 1 }))! / 1000).toBeCloseTo(
      steps * seconds(cost.step, cost.parameters),
      4,
    )
  })

  it('stays above zero where the measurements were disturbed', () => {
    const disturbed = {
      ...profile,
      steps: profile.steps.map((one, i) => ({ ...one, seconds: i === 0 ? 1 : one.seconds })),
    }
    expect(estimate(step('training', { labels: 'kd', model: 'stl', seed: 1 }), disturbed)).toBeGreaterThan(0)
  })

  it('does not guess what was not measured', () => {
    expect(estimate(step('import'))).toBeNull()
  })
})
