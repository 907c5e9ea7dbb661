import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { variable } from '#protocol/variables.ts'
import { readVariable, readVariables, saveVariable } from './variables.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-variables-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const text = () => readFile(join(directory, 'variables.yaml'), 'utf8')
const hit = (start: number) => ({ document: '0123456789abcdef', start, end: start + 3 })
const drinks = variable.parse({
  variants: { pop: ['pop', 'pops'], 'Süßes Wasser': ['soda', '/c.la/'] },
  excluded: [hit(4)],
})

describe('variables.yaml', () => {
  it('gives back what was saved, and nothing where there is no file', async () => {
    expect(await readVariables(directory)).toEqual({})
    await saveVariable(directory, 'drinks', drinks)
    await saveVariable(directory, 'you', variable.parse({ variants: { yinz: ['yinz'] } }))
    expect(await readVariables(directory)).toEqual({
      drinks,
      you: { variants: { yinz: ['yinz'] }, excluded: [], recoded: [] },
    })
    expect(await readVariable(directory, 'drinks')).toEqual(drinks)
    await saveVariable(directory, 'you', null)
    expect(Object.keys(await readVariables(directory))).toEqual(['drinks'])
    await expect(saveVariable(directory, 'you', null)).rejects.toMatchObject({ code: 'variables/unknown' })
    await expect(readVariable(directory, 'constructor')).rejects.toMatchObject({ code: 'variables/unknown' })
  })

  it('keeps what a person wrote where a variable is changed', async () => {
    await writeFile(
      join(directory, 'variables.yaml'),
      `# of Anna's thesis
variables:
  drinks:
    variants:
      # the northern one
      pop: [pop, pops] # and not "poppy"
      soda: [soda]
    excluded:
      - {document: 0123456789abcdef, start: 4, end: 7} # popcorn
      - {document: 0123456789abcdef, start: 9, end: 12}
  other: {variants: {x: [x]}} # stays
`,
    )
    await saveVariable(directory, 'drinks', {
      variants: { pop: ['pop', 'pops', 'poppe'], coke: ['coke'] },
      excluded: [hit(4), hit(20)],
      recoded: [{ ...hit(9), to: 'coke' }],
    })
    const written = await text()
    for (const comment of ["# of Anna's thesis", '# the northern one', '# and not "poppy"', '# popcorn', '# stays'])
      expect(written).toContain(comment)
    expect(written).not.toContain('soda')
    expect((await readVariables(directory))['drinks']).toEqual({
      variants: { pop: ['pop', 'pops', 'poppe'], coke: ['coke'] },
      excluded: [hit(4), hit(20)],
      recoded: [{ ...hit(9), to: 'coke' }],
    })
    // Saved again as it is, not a byte changes.
    await saveVariable(directory, 'drinks', await readVariable(directory, 'drinks'))
    expect(await text()).toBe(written)
  })

  it.each([
    ['no YAML', 'variables: [', 'variables/not-yaml', 'line'],
    ['a wrong key', 'variables: {a: {variant: {b: [c]}}}', 'variables/invalid', 'variant'],
    ['a hit recoded to nothing', 'variables: {a: {variants: {b: [c]}, recoded: [{document: 0123456789abcdef, start: 1, end: 2, to: d}]}}', 'variables/invalid', 'not there'], // prettier-ignore
  ])('refuses %s in words and loses nothing', async (_, content, code, words) => {
    await writeFile(join(directory, 'variables.yaml'), content)
    const refused = { code, message: expect.stringContaining(words) as string }
    await expect(readVariables(directory)).rejects.toMatchObject(refused)
    await expect(saveVariable(directory, 'drinks', drinks)).rejects.toMatchObject(refused)
    expect(await text()).toBe(content)
  })
})
