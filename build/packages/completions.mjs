import { choicesOf, flagsOf } from './readHelp.mjs'

/** @typedef {{ name: string, help: import('./readHelp.mjs').Help }} Command */

/**
 * Completion for bash: the commands, then each command's options, the values that an option lists, and files.
 * @param {Command[]} commands
 */
export function bashCompletion(commands) {
  const cases = commands.map(({ name, help }) => {
    const values = help.options
      .map((option) => ({ flags: flagsOf(option), choices: choicesOf(option) }))
      .filter(({ choices }) => choices.length > 0)
      .map(({ flags, choices }) => `        ${flags.join('|')}) words="${choices.join(' ')}" ;;\n`)
    return (
      `    ${name})\n` +
      `      options="${help.options.flatMap(flagsOf).join(' ')}"\n` +
      (values.length > 0 ? `      case "$before" in\n${values.join('')}      esac\n` : '') +
      '      ;;\n'
    )
  })
  return `# bash completion for isogloss; made from what its commands say with --help.
_isogloss() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" options="" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')} --help --version" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('')}  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  elif [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _isogloss isogloss
`
}

/**
 * Completion for zsh.
 * @param {Command[]} commands
 */
export function zshCompletion(commands) {
  const quote = (/** @type {string} */ text) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&')
  const described = commands.map(({ name, help }) => `    '${name}:${quote(help.description)}'`)
  const cases = commands.map(({ name, help }) => {
    const options = help.options.flatMap((option) => {
      const takes = /[<[]([^>\]]+)[>\]]$/.exec(option.term)?.[1]
      const choices = choicesOf(option)
      const value = takes ? `:${quote(takes)}:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}` : ''
      return flagsOf(option).map((flag) => `'${flag}[${quote(option.text)}]${value}'`)
    })
    return `    ${name}) _arguments ${options.join(' ')} '*:file:_files' ;;`
  })
  return `#compdef isogloss
# zsh completion for isogloss; made from what its commands say with --help.
_isogloss() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
_isogloss "$@"
`
}
