import { type Command, InvalidArgumentError, Option } from 'commander'

/** What every figure can be told. */
export const addFigureOptions = (command: Command): Command =>
  addLookOptions(
    command.addOption(new Option('--areas <file>', 'figure: borders of your own on it (GeoJSON, KML, KMZ, Shapefile)')),
  )

/** The same without borders of one's own. */
export const addLookOptions = (command: Command): Command =>
  command
    .addOption(new Option('--title <title>', 'figure: what stands over it'))
    .addOption(new Option('--grey', 'figure: hatchings instead of colours, for print'))
    .addOption(
      new Option('--width-mm <millimetres>', 'figure: how wide it is on paper').default(160).argParser((value) => {
        const width = Number(value)
        if (!(width >= 40 && width <= 1000)) throw new InvalidArgumentError('Expected 40 to 1000.')
        return width
      }),
    )
