import { Option, type Command } from 'commander'
import { jobCount } from './arguments.ts'
import { run, type RunOptions } from './commands/run.ts'

const projectOption = () =>
  new Option('--project <folder>', 'project folder, made where it is new (required)').makeOptionMandatory()
const jsonOption = () => new Option('--json', 'print one JSON document and nothing else')
const jobsOption = () =>
  new Option(
    '--jobs <number>',
    'this many processes side by side, each with its part of the threads; one that fails stops no other',
  ).argParser(jobCount)

/** `run`, and its shorter forms that stop after a stage. */
export function addRunCommands(program: Command): void {
  program
    .command('run')
    .description('every missing stage and run of an experiment, then the comparison')
    .argument('<experiment>', 'experiment file (YAML)')
    .addOption(projectOption())
    .option('--dry-run', 'print the plan and change nothing')
    .option(
      '--only <runs...>',
      'these runs and what they need: a condition such as kd/mtl, or with a seed, kd/mtl/2; or a stage: import, vocabulary, labels/kd, embedding',
    )
    .addOption(jobsOption())
    .addOption(jsonOption())
    .action((file: string, options: RunOptions) => run(file, 'evaluation', options))

  for (const [name, until, description] of [
    ['embed', 'embedding', 'the stages up to the embeddings'],
    ['train', 'training', 'the stages up to the trained runs'],
    ['evaluate', 'evaluation', 'the stages up to the comparison'],
  ] as const) {
    program
      .command(name)
      .description(description)
      .argument('<experiment>', 'experiment file (YAML)')
      .addOption(projectOption())
      .option('--only <runs...>', 'these runs and what they need')
      .addOption(jobsOption())
      .addOption(jsonOption())
      .action((file: string, options: RunOptions) => run(file, until, options))
  }
}
