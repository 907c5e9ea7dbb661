/**
 * Reads what a command of commander says with --help, so that man page and completions tell what the program tells.
 * @typedef {{ term: string, text: string }} Entry a term and what is said of it
 * @typedef {{ usage: string, description: string, arguments: Entry[], options: Entry[], commands: Entry[], rest: string }} Help
 * @param {string} output
 * @returns {Help}
 */
export function readHelp(output) {
  const paragraphs = output.trimEnd().split(/\n\n/)
  /** @type {Help} */
  const help = { usage: '', description: '', arguments: [], options: [], commands: [], rest: '' }
  /** @type {string[]} */
  const rest = []
  for (const paragraph of paragraphs) {
    const [, title, body] = /^(Arguments|Options|Commands):\n([^]*)$/.exec(paragraph) ?? []
    if (paragraph.startsWith('Usage: ')) help.usage = oneLine(paragraph.slice('Usage: '.length))
    else if (title && body)
      help[/** @type {'arguments' | 'options' | 'commands'} */ (title.toLowerCase())] = readEntries(body)
    else if (help.options.length === 0 && help.description === '') help.description = oneLine(paragraph)
    else rest.push(paragraph)
  }
  help.rest = rest.join('\n\n')
  return help
}

/** Terms stand two blanks in, what is said of them begins two blanks after the longest term and goes on below itself. */
function readEntries(/** @type {string} */ body) {
  /** @type {Entry[]} */
  const entries = []
  for (const line of body.split('\n')) {
    const [, term, text] = /^ {2}(\S.*?)(?: {2,}(\S.*))?$/.exec(line) ?? []
    const last = entries.at(-1)
    if (term) entries.push({ term, text: text ?? '' })
    else if (last) last.text = `${last.text} ${line.trim()}`.trim()
  }
  return entries
}

const oneLine = (/** @type {string} */ text) => text.replace(/\s+/g, ' ').trim()

/** The option's own words, "--json" and "-h" of "-h, --help" alike. */
export const flagsOf = (/** @type {Entry} */ { term }) => term.match(/(?<![\w-])--?[a-z][\w-]*/gi) ?? []

/** The values that an option admits, where it lists them. */
export const choicesOf = (/** @type {Entry} */ { text }) =>
  [...(/\(choices: (.*?)[),]?\)?$/.exec(text.replace(/, default:.*$/, ''))?.[1]?.matchAll(/"([^"]*)"/g) ?? [])].map(
    ([, value]) => value ?? '',
  )

/** The command's name of "run [options] <experiment>". */
export const nameOf = (/** @type {Entry} */ { term }) => term.split(' ')[0] ?? ''
