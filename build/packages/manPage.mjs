/** @typedef {import('./readHelp.mjs').Help} Help */

/**
 * The man page of the command line, in the language of man(7).
 * @param {{ main: Help, commands: { name: string, help: Help }[], version: string, date: string }} of
 */
export function manPage({ main, commands, version, date }) {
  return `${[
    `.TH ISOGLOSS 1 "${date}" "Isogloss ${escape(version)}" "User Commands"`,
    '.SH NAME',
    `isogloss \\- ${escape(lowerFirst(main.description.replace(/\.$/, '')))}`,
    '.SH SYNOPSIS',
    `.B ${escape(main.usage)}`,
    '.br',
    '.B isogloss\\-window',
    '.RI [ project ]',
    '.SH DESCRIPTION',
    escape(main.description),
    'The command line works without a display;',
    '.B isogloss\\-window',
    'opens the window, with the project whose folder is named.',
    '.SH OPTIONS',
    ...main.options.flatMap(entry),
    '.SH COMMANDS',
    ...commands.flatMap(({ name, help }) => [
      `.SS ${name}`,
      `.B ${escape(help.usage)}`,
      '.PP',
      escape(sentence(help.description)),
      ...[...help.arguments, ...help.options].flatMap(entry),
    ]),
    '.SH NOTES',
    '.nf',
    ...main.rest.split('\n').map(escape),
    '.fi',
    '.SH FILES',
    '.TP',
    '.I /etc/isogloss/policy.yaml',
    'What the administrator of the machine has set for everybody; isogloss doctor shows it.',
    '.TP',
    '.I ~/.cache/isogloss',
    "What can be made again: the machine's measured speed and the like.",
  ].join('\n')}\n`
}

const entry = (/** @type {import('./readHelp.mjs').Entry} */ { term, text }) => [
  '.TP',
  `.B ${escape(term)}`,
  escape(text),
]

/** A backslash and a dash mean themselves; a line may not begin with a dot or an apostrophe. */
const escape = (/** @type {string} */ text) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&')

const lowerFirst = (/** @type {string} */ text) => text.charAt(0).toLowerCase() + text.slice(1)
const sentence = (/** @type {string} */ text) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.?$/, '.')}`
