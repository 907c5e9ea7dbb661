import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { codesOf, errorTable, raisedCodes, sources, table } from './errorTable.mjs'

const codes = new Set(raisedCodes().map(({ code }) => code))

it('docs/errors.md is what the sources say (node build/errorTable.mjs writes it)', () => {
  expect(readFileSync(table, 'utf8')).toBe(errorTable(raisedCodes()))
  expect(codes.size).toBeGreaterThan(60)
})

it('has every code that a comment promises and that a client asks for', () => {
  for (const path of sources()) {
    const text = readFileSync(path, 'utf8')
    const promised = [...text.matchAll(/@throws EngineError ([^*]*)/g)].flatMap(([, rest]) => [
      ...rest!.matchAll(/'([a-z-]+\/[a-z-]+)'/g),
    ])
    const asked = [...text.matchAll(/\bcode [!=]== '([a-z-]+\/[a-z-]+)'/g)]
    for (const [, code] of [...promised, ...asked]) expect(codes, `${path}: ${code}`).toContain(code)
  }
})

it('has every code that a test waits for', () => {
  const tests = [
    'src/cli/integration/wrongInput.test.ts',
    'src/cli/integration/unexpected.test.ts',
    'src/engine/corpus/import/importCorpus.test.ts',
  ]
  const expected = tests.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\^([a-z]+)\\\/([a-z-]+): /g)].map(([, area, what]) => `${area}/${what}`),
  )
  expect(expected.length).toBeGreaterThan(10)
  for (const code of expected) expect(codes).toContain(code)
})

it('finds codes wherever they are written, and takes nothing else for one', () => {
  const found = codesOf(
    `import x from 'some/where'
    throw new EngineError(big ? 'a/too-large' : 'a/too-small', \`Found \${n} of it, \` + 'expected more.')
    const report = { code: 'b/unexpected', message: 'Words.', data: { kind: 'no/code' } }
    const code = { one: 'c/one', two: 'c/two' }[what]
    const path = 'image/png'`,
    'x.ts',
  )
  expect(found.map(({ code, message }) => [code, message])).toEqual([
    ['a/too-large', 'Found … of it, expected more.'],
    ['a/too-small', 'Found … of it, expected more.'],
    ['b/unexpected', 'Words.'],
    ['c/one', null],
    ['c/two', null],
  ])
  expect(
    codesOf(
      "<p>new EngineError('d/no')</p>\n<script lang=\"ts\">throw new EngineError('d/yes', text)</script>",
      'x.svelte',
    ),
  ).toEqual([{ code: 'd/yes', file: 'x.svelte', message: null }])
})
