import { describe, expect, it } from 'vitest'
import { lineOf, readYaml, valueAt, withValue } from './yamlText.ts'

const text = `# What we ask in spring
name: geotext
corpus: {train: [a.txt]}
labels:
  kd: {method: kd-tree, bucket: 300} # as in the paper
matrix:
  seeds: [1, 2]
`

describe('the experiment as text', () => {
  it('changes one value and leaves comments and order alone', () => {
    const changed = withValue(text, ['labels', 'kd', 'bucket'], 128)
    expect(changed).toContain('# What we ask in spring')
    expect(changed).toContain('kd: {method: kd-tree, bucket: 128} # as in the paper')
    expect(changed.replace('128', '300')).toBe(text)
  })

  it('adds what is not there yet, and takes it out again', () => {
    const added = withValue(text, ['preprocess', 'minFrequency'], 2)
    expect(valueAt(added, ['preprocess', 'minFrequency'])).toBe(2)
    expect(
      valueAt(withValue(added, ['preprocess', 'minFrequency'], undefined), ['preprocess', 'minFrequency']),
    ).toBeUndefined()
    expect(withValue(text, ['matrix', 'seeds'], [1, 2, 3])).toContain('seeds: [1, 2, 3]')
  })

  it('knows the line of a path, or of what is nearest to it', () => {
    expect(lineOf(text, ['labels', 'kd', 'bucket'])).toBe(5)
    expect(lineOf(text, ['matrix', 'models'])).toBe(7)
    expect(lineOf(text, ['nothing'])).toBeNull()
  })

  it('says where text is no YAML, and does not touch it', () => {
    const broken = 'name: x\nlabels: [1, 2\nmatrix: 3\n'
    expect(readYaml(broken)).toMatchObject({
      problem: expect.stringContaining('not valid YAML'),
      line: expect.any(Number),
    })
    expect(withValue(broken, ['name'], 'y')).toBe(broken)
  })
})
