import { Option, type Command } from 'commander'
import { jobCount } from './arguments.ts'
import { attachToSlurm, cancelOnSlurm } from './cluster/attach.ts'
import { runOnSlurm, type SlurmOptions } from './cluster/writeScripts.ts'
import { run, type RunOptions } from './commands/run.ts'

const projectOption = () =>
  new Option('--project <folder>', 'project folder, made where it is new (required)').makeOptionMandatory()
const jsonOption = () => new Option('--json', 'print one JSON document and nothing else')
const jobsOption = () =>
  new Option(
    '--jobs <number>',
    'this many processes side by side, each with its part of the threads; one that fails stops no other',
  ).argParser(jobCount)

interface ClusterOptions extends SlurmOptions {
  slurm?: boolean
  attach?: boolean
  cancel?: boolean
}

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
    .option('--slurm', 'as jobs of Slurm, submitted from here, instead')
    .option(
      '--write <folder>',
      'with --slurm: only write the scripts there, and a pack of the project, and submit nothing',
    )
    .option('--no-pack', 'with --slurm --write: no pack; the cluster sees the project under the same path')
    .option('--attach', 'with --slurm: follow what was submitted until it has ended; Ctrl+C leaves the jobs alone')
    .option('--cancel', 'with --slurm: cancel what was submitted; what is finished and checkpoints stay')
    .option('--site <file>', "with --slurm: what the cluster's Slurm wants; default: slurm.yaml beside the experiment")
    .addOption(jsonOption())
    .action((file: string, options: RunOptions & ClusterOptions, command: Command) => {
      const needing = [options.write, options.site, options.attach, options.cancel]
      if (!options.slurm && needing.some((option) => option !== undefined))
        command.error('error: --write, --site, --attach and --cancel need --slurm')
      if (options.attach && options.cancel) command.error('error: --attach follows the jobs and --cancel ends them')
      if (options.cancel) return cancelOnSlurm(file, options)
      if (options.attach) return attachToSlurm(file, options)
      return options.slurm && !options.dryRun ? runOnSlurm(file, options) : run(file, 'evaluation', options)
    })

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
