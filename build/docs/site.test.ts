import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../setup/paths.mjs'
import { anchorsOf, brokenLinks, docs, pagesOf, renderPage } from './site.mjs'

describe('the documentation', () => {
  const files = [
    ...['README.md', 'CHANGELOG.md'].map((name) => join(root, name)),
    ...readdirSync(docs)
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(docs, name)),
  ]

  it.each(files)('has no link in %s that leads nowhere', (file) => {
    expect(brokenLinks(file)).toEqual([])
  })

  it('speaks in its page of troubles of errors that there are, and of commands that there are', () => {
    const text = readFileSync(join(docs, 'troubleshooting.md'), 'utf8')
    const known = new Set(
      [...readFileSync(join(docs, 'errors.md'), 'utf8').matchAll(/^\| `([\w/-]+)`/gm)].map(([, code]) => code),
    )
    const named = [...text.matchAll(/`([a-z]+\/[a-z-]+)`/g)].map(([, code]) => code)
    expect(named.length).toBeGreaterThan(15)
    expect(named.filter((code) => !known.has(code))).toEqual([])
  })

  it('is rendered without a script, every page reachable from every other one', () => {
    const pages = pagesOf()
    expect(pages[0]?.file).toBe('index.md')
    expect(pages.length).toBe(readdirSync(docs).filter((name) => name.endsWith('.md')).length)
    for (const { file } of pages) {
      const html = renderPage(readFileSync(join(docs, file), 'utf8'), pages, file)
      expect(html).not.toMatch(/<script|\son\w+=|href="(?!#|[\w-]+\.html)(?!site\.css)|src="(?![\w-]+\.(?:png|svg)")/)
      for (const other of pages) expect(html).toContain(`href="${other.file.replace('.md', '.html')}"`)
    }
  })
})

describe('brokenLinks', () => {
  it('finds a file and a heading that are not there, and takes those that are', () => {
    const folder = mkdtempSync(join(tmpdir(), 'isogloss-docs-'))
    writeFileSync(join(folder, 'b.md'), '# A `code` heading\n\n## Twice\n\n## Twice\n')
    writeFileSync(
      join(folder, 'a.md'),
      '# A\n[1](b.md) [2](b.md#a-code-heading) [3](b.md#twice-1) [4](#a) [5](https://example.org/x)\n[6](c.md) [7](b.md#none) ![8](d.png)\n',
    )
    expect(brokenLinks(join(folder, 'a.md')).map((words) => words.split(':')[0])).toEqual([
      'c.md',
      'b.md#none',
      'd.png',
    ])
    expect([...anchorsOf('# Ein Überblick: A & B')]).toEqual(['ein-überblick-a--b'])
  })
})

describe('renderPage', () => {
  const pages = [
    { file: 'index.md', title: 'I' },
    { file: 'b.md', title: 'B' },
  ]
  it('links pages, names what lies elsewhere, and shows markup as text', () => {
    const html = renderPage(
      '# I\n[to b](b.md#x) [source](../src/a.ts) <b onclick="x()">raw</b> [w](https://e.org)',
      pages,
      'index.md',
    )
    expect(html).toContain('<a href="b.html#x">to b</a>')
    expect(html).toContain('source (<code>../src/a.ts</code>)')
    expect(html).toContain('w (<code>https://e.org</code>)')
    expect(html).toContain('&lt;b onclick=')
  })
})
