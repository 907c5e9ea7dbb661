import { describe, expect, it } from 'vitest'
import { csvLine } from './csvTable.ts'
import { readTexts, type TextOptions } from './texts.ts'

async function* chunksOf(bytes: Buffer, size = 3) {
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size))
}

async function entriesOf(input: string | Buffer, options: TextOptions = {}) {
  const { columns, delimiter, entries } = await readTexts(chunksOf(Buffer.from(input)), options)
  const found = []
  for await (const { line, text, problem, fields } of entries)
    found.push({ line, text, ...(problem && { code: problem.code }), ...(fields && { fields }) })
  return { columns, delimiter, entries: found }
}
const textsOf = async (...args: Parameters<typeof entriesOf>) =>
  (await entriesOf(...args)).entries.map(({ text }) => text)

describe('readTexts', () => {
  it.each<[string, string | Buffer]>([
    ['a mark', '\ufeff{"text":"grüezi"}\n{"text":"b"}\n'],
    ['line ends of Windows, empty lines and none at the end', '{"text":"grüezi"}\r\n\r\n{"text":"b"}'],
    ['UTF-16 of Windows', Buffer.from('\ufeff{"text":"grüezi"}\r\n{"text":"b"}\r\n', 'utf16le')],
    ['UTF-16 of the other order', Buffer.from('\ufeff{"text":"grüezi"}\n{"text":"b"}\n', 'utf16le').swap16()],
  ])('takes JSON lines with %s', async (_, input) => {
    expect(await textsOf(input)).toEqual(['grüezi', 'b'])
  })

  it('does not cut JSON at U+2028', async () => {
    expect(await textsOf('{"text":"a\u2028b\u2029c\u0085d"}\n')).toEqual(['a\u2028b\u2029c\u0085d'])
  })

  it('loses no line but the bad one', async () => {
    const deep = `{"text":${'['.repeat(200_000)}`
    const nested = `{"x":${'['.repeat(50_000)}${']'.repeat(50_000)},"text":"nested"}`
    const { entries } = await entriesOf(
      ['{"text":"a"}', 'nonsense', deep, nested, '{"text":7}', 'null', '{"text":"b"}'].join('\n'),
    )
    expect(entries).toEqual([
      { line: 1, text: 'a' },
      { line: 2, text: null, code: 'predict/not-json' },
      { line: 3, text: null, code: 'predict/not-json' },
      { line: 4, text: 'nested' },
      { line: 5, text: null, code: 'predict/no-text' },
      { line: 6, text: null, code: 'predict/no-text' },
      { line: 7, text: 'b' },
    ])
  })

  it('takes plain lines as they are', async () => {
    expect(await textsOf('\ufeffyinz "all"\r\n\r\n{"text":"x"}\n', { plain: true })).toEqual([
      'yinz "all"',
      '{"text":"x"}',
    ])
  })

  it.each([
    ['commas', 'id,text\n1,"a, ""b""\nc"\n2,d\n', ','],
    ['semicolons and a mark', '\ufeffid;text\r\n1;"a, ""b""\nc"\r\n2;d\r\n', ';'],
    ['a line that names the delimiter', 'sep=|\nid|text\n1|"a, ""b""\nc"\n2|d', '|'],
    ['commas in a header of semicolons', 'id (a, b, c, d);text\n1;"a, ""b""\nc"\n2;d\n', ';'],
  ])('takes the column of a table with %s', async (_, input, delimiter) => {
    const found = await entriesOf(input, { text: 'text' })
    expect(found.delimiter).toBe(delimiter)
    expect(found.entries).toEqual([
      { line: expect.any(Number) as number, text: 'a, "b"\nc', fields: ['1', 'a, "b"\nc'] },
      { line: expect.any(Number) as number, text: 'd', fields: ['2', 'd'] },
    ])
  })

  it('takes quotes for letters where tabs part fields', async () => {
    expect(await textsOf('id\ttext\n1\t"so it goes\n2\tb"\n', { text: 'text' })).toEqual(['"so it goes', 'b"'])
  })

  it('costs a stray quote its line, a row of too many fields itself, and pads what a spreadsheet left out', async () => {
    const { entries } = await entriesOf('id,text,note\n1,"lost,x\n2,b,y\n3,c\n4,d,e,f\n5,,z\n6,"g""",h\n', {
      text: 'text',
    })
    expect(entries).toEqual([
      { line: 2, text: null, code: 'predict/bad-row' },
      { line: 3, text: 'b', fields: ['2', 'b', 'y'] },
      { line: 4, text: 'c', fields: ['3', 'c', ''] },
      { line: 5, text: null, code: 'predict/bad-row' },
      { line: 6, text: null, code: 'predict/no-text', fields: ['5', '', 'z'] },
      { line: 7, text: 'g"', fields: ['6', 'g"', 'h'] },
    ])
  })

  it('names the columns of a table that lacks the one', async () => {
    await expect(entriesOf('id,message\n1,a\n', { text: 'text' })).rejects.toMatchObject({
      code: 'predict/column-missing',
      message: expect.stringMatching(/"id", "message"/) as string,
    })
    expect((await entriesOf('constructor\na\n', { text: 'constructor' })).entries).toEqual([
      { line: 2, text: 'a', fields: ['a'] },
    ])
    expect(await textsOf('', { text: 'text' })).toEqual([])
  })
})

it('csvLine quotes what needs it', () => {
  expect(csvLine(['a', 'b,c', 'd"e', 'f\ng', ' h', 1.5], ',')).toBe('a,"b,c","d""e","f\ng"," h",1.5')
  expect(csvLine(['a,b', 'c;d'], ';')).toBe('a,b;"c;d"')
})
