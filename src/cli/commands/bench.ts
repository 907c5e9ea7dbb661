import type { MachineProfile } from '#protocol/machine.ts'
import { printResult, textTable, type OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'

/** `bench --self`: this machine's speed in about a minute; plans (`run --dry-run`) show times from then on. */
export async function benchSelf(options: OutputOptions): Promise<void> {
  await withEngine(async (engine) => {
    await runJob(engine, () => engine.request('machine.measure', {}))
    const profile = (await engine.request('machine.profile', {}))!
    printResult(options, profile, () => profileText(profile))
  })
}

function profileText({
  backend,
  device,
  threads,
  gigaflops,
  tokensPerSecond,
  skipGram,
  steps,
}: MachineProfile): string {
  const round = (value: number) => Math.round(value).toLocaleString('en')
  return [
    `${backend === 'tensorflow' ? 'Native TensorFlow' : `TensorFlow.js ${backend}`} on ${device === 'cpu' ? 'the processor' : device}, ${threads} threads`,
    textTable([
      ['measured', 'figure', 'unit'],
      ['matrix product', round(gigaflops), 'GFLOP/s'],
      ['tokenising', round(tokensPerSecond), 'tokens/s'],
      ...skipGram.map(({ dimensions, wordsPerSecond }) => [
        `skip-gram, ${dimensions} dimensions`,
        round(wordsPerSecond),
        'words/s',
      ]),
      ...steps.map(({ documents, seconds, title }) => [
        `training, ${title}`,
        round(documents / seconds),
        'documents/s',
      ]),
    ]),
    'Plans (run --dry-run) show times from now on.',
  ].join('\n')
}
