import { describe, expect, it } from 'vitest'
import { readTextFile } from './textFile.ts'

describe('readTextFile', () => {
  it('reads tables by the delimiter of their header, and finds the texts by name or length', () => {
    const named = readTextFile('a.csv', '\u{feff}id,text\n1,"a, b\nc"\n\n2,d\n3,e,f\n')
    expect(named).toEqual({
      name: 'a.csv',
      columns: ['id', 'text'],
      rows: [
        ['1', 'a, b\nc'],
        ['2', 'd'],
      ],
      text: 1,
      skipped: 1,
    })
    const longest = readTextFile('a.tsv', 'who\tsaid\nx\tit is "quoted\ny\tand so on\n')
    expect([longest.text, longest.rows[0]]).toEqual([1, ['x', 'it is "quoted']])
    expect(readTextFile('a.csv', 'a;b\n1;2,5\n').rows).toEqual([['1', '2,5']])
  })

  it('reads JSON Lines and lines of text, and counts what is neither', () => {
    expect(readTextFile('a.jsonl', '{"text":"a"}\n{"txt":"b"}\nnot json\n')).toMatchObject({
      rows: [['a']],
      skipped: 2,
    })
    expect(readTextFile('a.txt', 'one, two\r\n\r\nthree\n')).toMatchObject({
      rows: [['one, two'], ['three']],
      skipped: 0,
    })
  })

  it('says what it expected of a file without texts', () => {
    expect(() => readTextFile('a.csv', 'text\n')).toThrow(/a\.csv has no text\. Expected a table/)
  })
})
