import { Command, Option } from 'commander'
import { EngineError } from '#protocol/errors.ts'
import { findInstallation } from '#engine/files/installation.ts'
import { systemError } from '#engine/files/systemError.ts'
import { version } from '../../package.json'
import { benchSelf } from './commands/bench.ts'
import { compare, tableFormats, type CompareManyOptions } from './commands/compare.ts'
import { addCorpusOptions } from './commands/corpusOptions.ts'
import { doctor } from './commands/doctor.ts'
import { exportFormats, exportResult, type ExportOptions } from './commands/export.ts'
import { figureKinds } from './commands/figure.ts'
import { importFiles, type ImportOptions } from './commands/import.ts'
import { importPredictions, type ImportPredictionsOptions } from './commands/importPredictions.ts'
import { neighbours, type NeighboursOptions } from './commands/neighbours.ts'
import { predict, type PredictOptions } from './commands/predict.ts'
import { clipOption } from './commands/questionOptions.ts'
import { preview, type PreviewOptions } from './commands/preview.ts'
import { replay } from './commands/replay.ts'
import { run, type RunOptions } from './commands/run.ts'
import { sweepLabels, type SweepOptions } from './commands/sweep.ts'
import { unlock, type UnlockOptions } from './commands/unlock.ts'
import { pack, unpack, type PackOptions } from './commands/pack.ts'
import { verify } from './commands/verify.ts'
import { printable, type OutputOptions } from './output.ts'
import { bucketList, kilometres, neighbourCount, shareBetween, windowWords, radiusList, runId } from './arguments.ts'
import { addFigureOptions } from './figures/figureOptions.ts'
import { addRunCommands } from './runCommands.ts'
import { addSampleCommands } from './sampleCommands.ts'
import { addExplorerCommands } from './explorerCommands.ts'
import { Interrupted } from './engineClient.ts'

/** Exit codes: 0 done; 1 failed; 2 wrong usage; 130 interrupted and resumable. */

const program = new Command('isogloss')
  .description('Predict where a text comes from, and show which words say so.')
  .version(findInstallation()?.version ?? version)
  .showHelpAfterError('(add --help for what there is)')
  .addHelpText(
    'after',
    `
Exit codes: 0 done; 1 failed, with the reason on standard error; 2 wrong usage; 130 interrupted, and the same command resumes.
Progress goes to standard error, results to standard output.

Examples:
  isogloss demo
  isogloss preview tweets.csv
  isogloss import tweets.csv --project my-study --text message --lat y --lon x
  isogloss run experiment.yaml --project my-study
  isogloss compare --project my-study --json`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))

const madeProject = () =>
  new Option('--project <folder>', 'project folder, made where it is new (required)').makeOptionMandatory()
const openedProject = () => new Option('--project <folder>', 'project folder (required)').makeOptionMandatory()
const jsonOption = () => new Option('--json', 'print one JSON document and nothing else')

addSampleCommands(program)
addRunCommands(program)

program
  .command('labels')
  .description('the label sets of an experiment, or how fine labels of other sizes would be')
  .argument('<experiment>', 'experiment file (YAML)')
  .addOption(madeProject())
  .option(
    '--sweep',
    'a table of label sizes over the corpus instead: count, distances, what a faultless classifier would reach',
  )
  .addOption(
    new Option('--buckets <list>', 'with --sweep: buckets of k-d trees, such as 50,100,300').argParser(bucketList),
  )
  .addOption(
    new Option('--radii <list>', 'with --sweep: radii of Point2City in km, such as 5,11').argParser(radiusList),
  )
  .addOption(jsonOption())
  .action((file: string, options: RunOptions & SweepOptions & { sweep?: boolean }, command: Command) => {
    if (options.sweep) return sweepLabels(file, options)
    if (options.buckets || options.radii) command.error('error: --buckets and --radii need --sweep')
    return run(file, 'labels', options)
  })

addCorpusOptions(
  program
    .command('import')
    .description('take files into a project as a corpus')
    .argument('<files...>', 'files of the training fold, or of all folds where they are drawn')
    .addOption(madeProject())
    .option('--dev <files...>', 'files of the development fold')
    .option('--test <files...>', 'files of the test fold')
    .addOption(new Option('--split <how>', 'draw no folds').choices(['none']))
    .addOption(new Option('--split-by <unit>', 'what folds are drawn by').choices(['author', 'place', 'document']))
    .addOption(
      new Option('--duplicates <how>', 'of documents with the same text, keep all or drop all but the first').choices([
        'keep',
        'drop',
      ]),
    ),
)
  .option('--no-raw', 'keep nothing of rejected rows but line and reason')
  .addOption(jsonOption())
  .action((files: string[], options: ImportOptions) => importFiles(files, options))

addCorpusOptions(
  program
    .command('preview')
    .description('what an import would take files for: format, encoding, columns, rows; writes nothing')
    .argument('<files...>', 'files of a corpus'),
)
  .addOption(jsonOption())
  .action((files: string[], options: PreviewOptions) => preview(files, options))

program
  .command('compare')
  .description('the comparison of finished runs, of one experiment or of several on the same test documents')
  .addOption(openedProject())
  .option('--experiment <names...>', 'several are compared with each other; default: the experiment that ran last')
  .option(
    '--by <column>',
    'their results on each value of a further column of the corpus, such as sex or year, instead',
  )
  .option('--where', 'where one of two conditions is better: differences of the mean error by area, instead')
  .addOption(new Option('--table <table>', 'published results beside these').choices(['paper']))
  .addOption(new Option('--format <format>', 'how the table is written').choices(tableFormats).default('text'))
  .addOption(jsonOption())
  .action((options: CompareManyOptions, command: Command) => {
    if ((options.by !== undefined || options.where) && (options.experiment?.length ?? 0) > 1)
      command.error(`error: ${options.where ? '--where' : '--by'} shows one experiment; name one`)
    return compare(options)
  })

program
  .command('predict')
  .description('texts on standard input, as JSON lines {"text"}, one prediction each on standard output')
  .addOption(openedProject())
  .requiredOption('--run <id>', 'a finished run, as "isogloss train" lists them (required)', runId)
  .addOption(new Option('--plain', 'the input is one text a line').conflicts('text'))
  .option(
    '--text <column>',
    'the input is a table with a header, and this is the column of the text; the answer is that table with columns added',
  )
  .option(
    '--in <file>',
    'read this file (CSV, .xlsx, .ods, JSON, Parquet, .txt; packed or not) in place of standard input',
  )
  .option(
    '--out <file>',
    'write this new file in place of standard output (.xlsx: a workbook), and show how certain the answers are',
  )
  .addOption(
    new Option('--window <words>', 'answer long texts in pieces of so many words, a line each').argParser(windowWords),
  )
  .addOption(
    new Option('--region <level>', 'of a calibrated run: how large the region of this level is, such as 0.9').argParser(
      shareBetween(0.01, 0.999),
    ),
  )
  .option('--map <file>', 'also draw where the texts were placed, as .svg or .png')
  .option('--per-label', 'regions hold their level within each label too: they are larger')
  .addOption(new Option('--csv', 'answer with a table').conflicts('json'))
  .addOption(new Option('--json', 'answer with JSON lines, also for a table'))
  .action((options: PredictOptions) => predict(options))

program
  .command('import-predictions')
  .description('guesses of a system outside as a row of the comparison: a table of id (author) or row, lat and lon')
  .argument('<file>', 'CSV, TSV, JSON Lines, Parquet or a workbook')
  .addOption(openedProject())
  .option('--experiment <name>', 'default: the experiment that ran last')
  .requiredOption('--name <name>', 'what the system is called (required)')
  .addOption(jsonOption())
  .action((file: string, options: ImportPredictionsOptions) => importPredictions(file, options))

addExplorerCommands(program)

program
  .command('neighbours')
  .description("the words whose vectors are nearest to a word's")
  .argument('<words...>', 'words of the vocabulary')
  .addOption(openedProject())
  .option('--experiment <name>', 'default: the experiment that ran last')
  .option('--preprocess <variant>', 'of which variant of the texts, where the experiment has several')
  .addOption(new Option('--count <number>', 'how many of each').default(10).argParser(neighbourCount))
  .addOption(jsonOption())
  .action((words: string[], options: NeighboursOptions) => neighbours(words, options))

addFigureOptions(program.command('export'))
  .description(
    'the comparison as a table or a picture, territories as GeoJSON, word vectors, a model, or a figure for print',
  )
  .addOption(openedProject())
  .option('--experiment <name>', 'default: the experiment that ran last')
  .addOption(new Option('--format <format>', 'what to write').choices(exportFormats).default('text'))
  .addOption(clipOption())
  .option('--labels <name>', 'geojson and the figure of labels: whose territories')
  .option('--preprocess <variant>', 'word2vec: of which variant of the texts, where the experiment has several')
  .option('--out <file>', 'word2vec and figures: the file to write; tfjs and safetensors: the folder')
  .addOption(new Option('--figure <kind>', 'a figure for print, as .svg or .png').choices(figureKinds))
  .addOption(
    new Option(
      '--variants <variants>',
      "word-map, isogloss, bundle: variants with ' | ' between them; for a bundle several times",
    ).argParser((text: string, before?: string[]) => [...(before ?? []), text]),
  )
  .addOption(
    new Option('--name <variable>', 'word-map, isogloss, bundle: a variable of the project; may be repeated').argParser(
      (text: string, before?: string[]) => [...(before ?? []), text],
    ),
  )
  .option(
    '--contrast <conditions...>',
    'where-better: two conditions, such as kd/stl kd/mtl; default: the first contrast',
  )
  .option(
    '--run <id>',
    'error-map, error-tail, learning-curves: one run of the experiment; tfjs, safetensors: whose model',
  )
  .option('--corpus <id>', 'word-map, isogloss, bundle: id or name of the corpus, where the project has several')
  .action((options: ExportOptions) => exportResult(options))

program
  .command('unlock')
  .description('take away the lock of a program that is gone from a project')
  .addOption(openedProject())
  .option('--force', 'whoever holds it: a program that still works there is stopped')
  .addOption(jsonOption())
  .action((options: UnlockOptions) => unlock(options))

program
  .command('replay')
  .description('make a finished run again and say whether it is the same to the bit; fails where it is not')
  .argument('<run>', 'a finished run, as "isogloss train" lists them', runId)
  .addOption(openedProject())
  .addOption(jsonOption())
  .action((id: string, options: OutputOptions & { project: string }) => replay(id, options))

program
  .command('pack')
  .description('a project, or one run with what it was made from, in one file for others; caches stay behind')
  .addOption(openedProject())
  .requiredOption('--out <file>', 'the file to write, a zip archive (required)')
  .option(
    '--without-text',
    'without texts and whatever gives them back: names of authors, further columns, rejected rows, tokens, answers',
  )
  .addOption(
    new Option('--round-coordinates <km>', 'coordinates of documents to multiples of so many kilometres').argParser(
      kilometres,
    ),
  )
  .option('--run <id>', 'this run alone, with what it was made from', runId)
  .addOption(jsonOption())
  .action((options: PackOptions) => pack(options))

program
  .command('unpack')
  .description('a pack as a project in a new folder; every file is held against its hash')
  .argument('<file>', 'what "isogloss pack" wrote')
  .addOption(madeProject())
  .addOption(jsonOption())
  .action((file: string, options: OutputOptions & { project: string }) => unpack(file, options))

program
  .command('verify')
  .description("every file of a project's artefacts against its manifest; fails where one is damaged, and names it")
  .addOption(openedProject())
  .addOption(jsonOption())
  .action((options: OutputOptions & { project: string }) => verify(options))

program
  .command('bench')
  .description("this machine's speed, measured in about a minute: plans show times from then on")
  .requiredOption('--self', 'measure Isogloss itself on this machine')
  .addOption(jsonOption())
  .action((options: OutputOptions) => benchSelf(options))

program
  .command('doctor')
  .description('what this machine offers; fails where native TensorFlow does not run')
  .addOption(jsonOption())
  .action(doctor)

/** Ends the command in words: `code: message` on standard error. */
function fail(error: unknown): never {
  if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`)
    process.exit(130)
  }
  const { code, message } = error instanceof EngineError ? error : (systemError(error) ?? unexpected(error))
  process.stderr.write(`${code}: ${printable(message)}\n`)
  process.exit(1)
}

function unexpected(error: unknown): EngineError {
  const message = error instanceof Error ? error.message : String(error)
  return new EngineError(
    'cli/unexpected',
    `The command met an error that it has no words for: ${message}. What was finished is kept; run it again, and report this with the steps that led to it.`,
  )
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
await program.parseAsync().catch(fail)
