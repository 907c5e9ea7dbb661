import { Option, type Command } from 'commander'
import { countryCode, degreeSides } from './arguments.ts'
import { demo } from './commands/demo.ts'
import { placeNames } from './commands/placeNames.ts'

const jsonOption = () => new Option('--json', 'print one JSON document and nothing else')

/** The commands that make a corpus of what comes with the program. */
export function addSampleCommands(program: Command): void {
  program
    .command('demo')
    .description('the main job on the synthetic sample corpus, start to finish')
    .addOption(new Option('--project <folder>', 'where to keep it').default('demo-output'))
    .addOption(jsonOption())
    .action(demo)

  program
    .command('place-names')
    .description(
      'the names of the places of a country or a rectangle (GeoNames) as a file to import; without either: which countries there are',
    )
    .argument('[country]', 'two letters (ISO 3166), such as DE', countryCode)
    .option('--box <degrees>', 'west,south,east,north, such as 5,45,17,49', degreeSides)
    .option('--out <file>', 'the file that is written; default: place-names-COUNTRY.csv, or place-names-box.csv')
    .addOption(jsonOption())
    .action(placeNames)
}
