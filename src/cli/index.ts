import { Command, InvalidArgumentError, Option } from 'commander'
import { EngineError } from '#protocol/errors.ts'
import { corpusFormat } from '#protocol/experiment.ts'
import { version } from '../../package.json'
import { compare, type CompareOptions } from './commands/compare.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { exportFormats, exportResult, type ExportOptions } from './commands/export.ts'
import { importFiles, type ImportOptions } from './commands/import.ts'
import { predict } from './commands/predict.ts'
import { run, type RunOptions } from './commands/run.ts'
import { Interrupted } from './engineClient.ts'

/** Exit codes: 0 done; 1 failed; 2 wrong usage; 130 interrupted and resumable. */

const program = new Command('isogloss')
  .description('Predict where a text comes from, and show which words say so.')
  .version(version)
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))

const projectOption = () => new Option('--project <folder>', 'project folder; made where it is new').makeOptionMandatory()
const jsonOption = () => new Option('--json', 'print one JSON document and nothing else')

program
  .command('demo')
  .description('the main job on the synthetic sample corpus, start to finish')
  .addOption(new Option('--project <folder>', 'where to keep it').default('demo-output'))
  .addOption(jsonOption())
  .action(demo)

program
  .command('run')
  .description('every missing stage and run of an experiment, then the comparison')
  .argument('<experiment>', 'experiment file (YAML)')
  .addOption(projectOption())
  .option('--dry-run', 'print the plan and change nothing')
  .addOption(jsonOption())
  .action((file: string, options: RunOptions) => run(file, 'evaluation', options))

for (const [name, until, description] of [
  ['labels', 'labels', 'the label sets of an experiment'],
  ['embed', 'embedding', 'the stages up to the embeddings'],
  ['train', 'training', 'the stages up to the trained runs'],
  ['evaluate', 'evaluation', 'the stages up to the comparison'],
] as const) {
  program
    .command(name)
    .description(description)
    .argument('<experiment>', 'experiment file (YAML)')
    .addOption(projectOption())
    .addOption(jsonOption())
    .action((file: string, options: RunOptions) => run(file, until, options))
}

program
  .command('import')
  .description('take files into a project as a corpus')
  .argument('<files...>', 'files of the training fold, or of all folds where they are drawn')
  .addOption(projectOption())
  .addOption(new Option('--format <format>', 'guessed where left out').choices(corpusFormat.options))
  .option('--text <column>', 'column of the text')
  .option('--lat <column>', 'column of the latitude')
  .option('--lon <column>', 'column of the longitude')
  .option('--author <column>', 'column of the author')
  .option('--answers <pattern>', 'survey: columns of answers, such as "Q*"')
  .option('--dev <files...>', 'files of the development fold')
  .option('--test <files...>', 'files of the test fold')
  .addOption(new Option('--split <how>', 'draw no folds').choices(['none']))
  .addOption(new Option('--duplicates <how>', 'of documents with the same text, keep all or drop all but the first').choices(['keep', 'drop']))
  .addOption(new Option('--split-by <unit>', 'what folds are drawn by').choices(['author', 'place', 'document']))
  .addOption(jsonOption())
  .action((files: string[], options: ImportOptions) => importFiles(files, options))

program
  .command('compare')
  .description('the comparison of finished runs')
  .addOption(projectOption())
  .option('--experiment <name>', 'default: the experiment that ran last')
  .addOption(jsonOption())
  .action((options: CompareOptions) => compare(options))

program
  .command('predict')
  .description('JSON lines {"text"} on standard input, one prediction a line on standard output')
  .addOption(projectOption())
  .requiredOption('--run <id>', 'a finished run', runId)
  .addOption(jsonOption())
  .action((options: { project: string; run: string }) => predict(options))

program
  .command('export')
  .description('the comparison as a table or a picture, territories as GeoJSON, or word vectors')
  .addOption(projectOption())
  .option('--experiment <name>', 'default: the experiment that ran last')
  .addOption(new Option('--format <format>', 'what to write').choices(exportFormats).default('text'))
  .option('--labels <name>', 'geojson: whose territories')
  .option('--out <file>', 'word2vec: the file to write')
  .action((options: ExportOptions) => exportResult(options))

program
  .command('doctor')
  .description('what this machine offers; fails where native TensorFlow does not run')
  .addOption(jsonOption())
  .action(doctor)

function runId(value: string): string {
  if (!/^[0-9a-f]{16}$/.test(value)) throw new InvalidArgumentError('A run id is 16 hexadecimal digits; "isogloss train" lists them.')
  return value
}

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`)
    process.exit(130)
  }
  if (error instanceof EngineError) {
    process.stderr.write(`${error.code}: ${error.message}\n`)
    process.exit(1)
  }
  throw error
}
