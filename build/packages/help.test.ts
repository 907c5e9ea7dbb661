import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { findProgram } from '../setup/command.mjs'
import { bashCompletion, zshCompletion } from './completions.mjs'
import { manPage } from './manPage.mjs'
import { choicesOf, flagsOf, readHelp } from './readHelp.mjs'

/** A command line of commander's own making: what is read is what it writes. */
function program() {
  const main = new Command('isogloss').description('Says where a text is from.').version('1.0')
  main.addHelpText('after', '\nExit codes: 0 done.\n.leading dots and -dashes stay.')
  main
    .command('export')
    .description('the comparison as a table or a picture, territories as GeoJSON, or word vectors of all the words')
    .argument('<experiment>', 'experiment file (YAML)')
    .addOption(new Option('--format <format>', 'what to write').choices(['text', 'csv', 'svg']).default('text'))
    .addOption(new Option('--split-by <unit>', "what the corpus's folds are drawn by").choices(['author', 'place']))
    .option('--out <file>', 'the file to write')
  return main
}

const main = readHelp(program().configureHelp({ helpWidth: 60 }).helpInformation())
const help = readHelp(program().commands[0]!.configureHelp({ helpWidth: 60 }).helpInformation())
const commands = [{ name: 'export', help }]

describe('readHelp', () => {
  it('reads back what commander wrote over several lines', () => {
    expect(main.description).toBe('Says where a text is from.')
    expect(main.commands.map(({ term }) => term.split(' ')[0])).toEqual(['export', 'help'])
    expect(help.usage).toBe('isogloss export [options] <experiment>')
    expect(help.description).toMatch(/^the comparison .* all the words$/)
    expect(help.arguments).toEqual(
      [{ term: '<experiment>', text: 'experiment file (YAML)' }].map((entry) => ({
        ...entry,
        term: 'experiment',
      })),
    )
    expect(help.options.map(flagsOf)).toEqual([['--format'], ['--split-by'], ['--out'], ['-h', '--help']])
    expect(help.options.map(choicesOf)).toEqual([['text', 'csv', 'svg'], ['author', 'place'], [], []])
  })
})

describe('completions', () => {
  const complete = (words: string[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'isogloss-completion-'))
    const file = join(folder, 'isogloss')
    writeFileSync(file, bashCompletion(commands))
    const line = `source ${file}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _isogloss; printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['-c', line], { encoding: 'utf8' }).trim().split('\n')
  }

  it.skipIf(!findProgram('bash'))('complete commands, options and the values of an option', () => {
    expect(complete(['isogloss', 'ex'])).toEqual(['export'])
    expect(complete(['isogloss', 'export', '--o'])).toEqual(['--out'])
    expect(complete(['isogloss', 'export', '--format', ''])).toEqual(['text', 'csv', 'svg'])
  })

  it.skipIf(!findProgram('zsh'))('are words that zsh reads', () => {
    expect(() => execFileSync('zsh', ['-n'], { input: zshCompletion(commands) })).not.toThrow()
  })
})

describe('manPage', () => {
  const page = manPage({
    main: { ...main, rest: '.leading dot\nand -dash' },
    commands,
    version: '1.0',
    date: '2026-11-26',
  })

  it.skipIf(!findProgram('groff'))('is read by groff without a warning, and says what the help says', () => {
    const words = execFileSync('groff', ['-man', '-Tutf8', '-ww', '-P-cbou'], { input: page, encoding: 'utf8' })
    for (const part of ['export', '--format <format>', '.leading dot', 'and -dash'])
      expect(words.replaceAll('−', '-').replaceAll('‐', '-')).toContain(part)
  })
})
