import { type Command, Option } from 'commander'
import type { Condition } from '#protocol/explorer.ts'
import { includedKinds, parseLabel, shareBetween, wholeNumber } from './arguments.ts'
import { kwic, type KwicOptions } from './commands/kwic.ts'
import { differenceOf, type DifferenceOptions } from './commands/difference.ts'
import { line, type LineOptions } from './commands/line.ts'
import { mapVariants, type MapOptions } from './commands/mapCommand.ts'
import { commonPatterns, type PatternsOptions } from './commands/patterns.ts'
import { addFigureOptions, addLookOptions } from './figures/figureOptions.ts'
import { typicalOf, type TypicalOptions } from './commands/typical.ts'
import { areaStats, parseWeights, type StatsOptions } from './commands/stats.ts'
import { regionalWords, type WordsOptions } from './commands/words.ts'
import {
  changeVariable,
  listVariables,
  parseHit,
  parseVariantItems,
  type HitArgument,
  type VariableOptions,
} from './commands/variable.ts'
import {
  addQuestionOptions,
  clipOption,
  measureOption,
  nameOption,
  parseCondition,
  projectOption,
} from './commands/questionOptions.ts'

/** The commands that ask about the words of a corpus. */
export function addExplorerCommands(program: Command): void {
  addQuestionOptions(
    program
      .command('words')
      .description('which words are regional, those with the greatest effect first, and where they are at home'),
  )
    .addOption(
      new Option('--units <units>', 'what is counted').choices(['words', 'endings', 'beginnings']).default('words'),
    )
    .addOption(new Option('--min-informants <count>', 'who use a word, at least').default(20).argParser(wholeNumber))
    .addOption(
      new Option('--max-q <q>', 'share of false ones among those listed; 1 lists all')
        .default(0.1)
        .argParser(shareBetween(0, 1)),
    )
    .addOption(new Option('--top <count>', 'how many are listed; 0 lists all').default(200).argParser(wholeNumber))
    .addOption(new Option('--include <kinds>', 'mentions, hashtags, names: hidden otherwise').argParser(includedKinds))
    .action((options: WordsOptions) => regionalWords(options))

  addFigureOptions(
    addQuestionOptions(
      program
        .command('patterns')
        .description(
          'what the maps of the regional words, or of variables, have in common, and the regions that come of it',
        ),
    ),
  )
    .addOption(
      new Option('--top <count>', 'words that are taken, those of the greatest effect')
        .default(200)
        .argParser(wholeNumber),
    )
    .addOption(new Option('--min-informants <count>', 'who use a word, at least').default(20).argParser(wholeNumber))
    .addOption(
      new Option('--max-q <q>', 'share of false ones among the words').default(0.1).argParser(shareBetween(0, 1)),
    )
    .addOption(new Option('--include <kinds>', 'mentions, hashtags, names: hidden otherwise').argParser(includedKinds))
    .option('--variables', 'all variables of the project in the words’ stead')
    .addOption(
      new Option('--name <variable>', 'a variable in the words’ stead; may be repeated').argParser(
        (name: string, before?: string[]) => [...(before ?? []), name],
      ),
    )
    .addOption(
      new Option('--factors <count>', 'default: as many as go beyond coordinates dealt anew, 6 at most').argParser(
        wholeNumber,
      ),
    )
    .addOption(
      new Option('--regions <count>', 'groups of places; default: one more than factors').argParser(wholeNumber),
    )
    .addOption(
      new Option(
        '--bandwidth-km <km>',
        'of the local scores; default: an eighth of the median distance between informants',
      ).argParser(Number),
    )
    .addOption(new Option('--factor <number>', 'figure: shows this factor, not the regions').argParser(wholeNumber))
    .option('--out <file>', 'write loadings (.csv), regions and surfaces (.geojson) or a figure (.svg, .png)')
    .action((options: PatternsOptions) => commonPatterns(options))

  addQuestionOptions(
    program
      .command('kwic')
      .description(
        'a pattern in its context: a word, "a phrase", a wildcard (*ville), /a regular expression/, an answer (Q1=a)',
      )
      .argument('<pattern>', 'several with commas between them'),
  )
    .addOption(new Option('--context <words>', 'on either side').default(8).argParser(wholeNumber))
    .addOption(
      new Option('--limit <lines>', 'lines that are listed; all hits are counted').default(1000).argParser(wholeNumber),
    )
    .addOption(
      new Option('--sort <how>', 'by the words beside it, or from south to north')
        .choices(['left', 'right', 'place'])
        .default('place'),
    )
    .action((pattern: string, options: KwicOptions) => kwic(pattern, options))

  addFigureOptions(
    addQuestionOptions(
      program
        .command('map')
        .description(
          'where a variant is used: pop,pops | *ville | /regex/ | "a phrase" | Q105=soda; several against each other',
        )
        .argument('[variants...]', 'an argument each'),
    ),
  )
    .addOption(nameOption())
    .addOption(measureOption())
    .addOption(clipOption())
    .option('--out <file>', 'write the surface (.geojson), the counts of sites (.csv) or a figure (.svg, .png)')
    .action((variants: string[], options: MapOptions, command: Command) => {
      if (variants.length === 0 && options.name === undefined)
        command.error('error: name a variant, or --name VARIABLE')
      return mapVariants(variants, options)
    })

  addFigureOptions(
    addQuestionOptions(
      program
        .command('difference')
        .description('where two groups of informants differ in their share of a variant, and where that can be told')
        .argument('[variants...]', 'an argument each; the difference is of the first one'),
    ),
  )
    .addOption(nameOption())
    .addOption(
      new Option('--group <condition>', 'a group by a further column, such as age=..30; twice').argParser(
        (text: string, before?: Condition[]) => [...(before ?? []), parseCondition(text)],
      ),
    )
    .addOption(measureOption())
    .addOption(clipOption())
    .addOption(new Option('--level <share>', 'of the intervals').default(0.95).argParser(shareBetween(0.5, 0.99)))
    .option('--out <file>', 'write the areas (.geojson), the counts of sites (.csv) or a figure (.svg, .png)')
    .action((variants: string[], options: DifferenceOptions, command: Command) => {
      if (variants.length === 0 && options.name === undefined)
        command.error('error: name a variant, or --name VARIABLE')
      if (options.group?.length !== 2) command.error('error: say two groups, such as --group age=..30 --group age=60..')
      return differenceOf(variants, options)
    })

  addFigureOptions(
    addQuestionOptions(
      program
        .command('line')
        .description(
          'the isogloss: where one variant gives way to another, with its bands; borders of areas for three and more',
        )
        .argument('[variants...]', 'an argument each, at least two'),
    ),
  )
    .addOption(nameOption())
    .addOption(measureOption())
    .addOption(clipOption())
    .addOption(new Option('--level <share>', 'of the bands').default(0.9).argParser(shareBetween(0.5, 0.99)))
    .addOption(
      new Option('--at <share>', 'share of the first variant along the line')
        .default(0.5)
        .argParser(shareBetween(0.01, 0.99)),
    )
    .option(
      '--out <file>',
      'write line, bands and support (.geojson), the points of the line (.csv) or a figure (.svg, .png)',
    )
    .action((variants: string[], options: LineOptions, command: Command) => {
      if (variants.length < 2 && options.name === undefined) command.error('error: a line parts at least two variants')
      return line(variants, options)
    })

  addLookOptions(
    addQuestionOptions(
      program
        .command('stats')
        .description("spatial statistics of a variant's rate over areas: Moran, Geary, Gi*, local Moran, join counts")
        .argument('[variant]', 'a variant; with --rates the column of users'),
    ),
  )
    .addOption(nameOption())
    .option('--areas <areas>', 'labels of an experiment (kd, p2c), hexagons:50 (km) or a file of your own areas')
    .option('--experiment <name>', 'whose labels; default: the experiment that ran last')
    .addOption(
      new Option('--weights <rule>', 'neighbours: knn:5, band:100 or kernel:50 (km), contiguity').argParser(
        parseWeights,
      ),
    )
    .option('--rates <file>', 'areas and counts of your own (CSV, GeoJSON) instead of a corpus')
    .option('--out <file>', 'write the areas (.geojson, .csv) or a figure (.svg, .png)')
    .action((variant: string | undefined, options: StatsOptions, command: Command) => {
      if (options.rates === undefined && variant === undefined && options.name === undefined)
        command.error('error: name a variant, --name VARIABLE or --rates FILE')
      if (options.rates === undefined && options.areas === undefined)
        command.error('error: say which areas: --areas kd, hexagons:50 or FILE')
      return areaStats(variant, options)
    })

  addQuestionOptions(
    program
      .command('typical')
      .description('what makes a selection sound like itself: its words against those of everybody else'),
  )
    .addOption(
      new Option('--select <condition>', 'documents by a further column, such as state=TX; may be repeated').argParser(
        (text: string, before?: Condition[]) => [...(before ?? []), parseCondition(text)],
      ),
    )
    .addOption(
      new Option('--label <label>', 'a label by scheme and number or name, such as kd:12').argParser(parseLabel),
    )
    .option('--polygon <file>', 'areas of your own (GeoJSON, KML, KMZ, Shapefile)')
    .option('--experiment <name>', 'whose labels; default: the experiment that ran last')
    .option('--run <id>', 'what this run learnt of the label, from test documents')
    .addOption(new Option('--min-informants <count>', 'who use a word, at least').default(5).argParser(wholeNumber))
    .addOption(new Option('--top <count>', 'how many are listed; 0 lists all').default(200).argParser(wholeNumber))
    .addOption(new Option('--include <kinds>', 'mentions, hashtags, names: hidden otherwise').argParser(includedKinds))
    .action((options: TypicalOptions, command: Command) => {
      const given = [options.select, options.label, options.polygon].filter((one) => one !== undefined)
      if (given.length !== 1) command.error('error: select by one of --select, --label and --polygon')
      return typicalOf(options)
    })

  program
    .command('variables')
    .description('the variables of the project: what counts as one, and what was said of single hits')
    .addOption(projectOption())
    .addOption(new Option('--json', 'print one JSON document and nothing else'))
    .action((options: VariableOptions) => listVariables(options))

  program
    .command('variable')
    .description(
      'save a variable in variables.yaml of the project, change it or take it away; map, line and stats take it by --name',
    )
    .argument('<name>')
    .addOption(projectOption())
    .addOption(
      new Option('--variant <variant>', 'a variant and its items, such as pop=pop,pops; may be repeated').argParser(
        (text: string, before?: [string, string][]) => [...(before ?? []), parseVariantItems(text)],
      ),
    )
    .addOption(
      new Option(
        '--exclude <hit>',
        'a hit that does not count: DOCUMENT:START-END, as kwic --json has them; may be repeated',
      ).argParser((text: string, before?: HitArgument[]) => [...(before ?? []), parseHit(text, false)]),
    )
    .addOption(
      new Option(
        '--recode <hit>',
        'one that is another variant: DOCUMENT:START-END=VARIANT; may be repeated',
      ).argParser((text: string, before?: HitArgument[]) => [...(before ?? []), parseHit(text, true)]),
    )
    .option('--remove', 'take the variable away')
    .addOption(new Option('--json', 'print one JSON document and nothing else'))
    .action((name: string, options: VariableOptions) => changeVariable(name, options))
}
