import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import GithubSlugger from 'github-slugger'
import { Marked, Renderer } from 'marked'
import { root } from '../setup/paths.mjs'

/**
 * The documentation as pages without a script, which the window's Help shows offline: what docs/ holds in Markdown, in the order
 * of docs/index.md; pages that it does not name come after it.
 * @typedef {{ file: string, title: string }} Page file: name in docs/
 */

export const docs = join(root, 'docs')
const style = fileURLToPath(new URL('site.css', import.meta.url))

/**
 * @param {string} [folder]
 * @returns {Page[]}
 */
export function pagesOf(folder = docs) {
  const index = readFileSync(join(folder, 'index.md'), 'utf8')
  const named = linksOf(index).flatMap(({ target }) => (/^[\w-]+\.md$/.test(target) ? [target] : []))
  const others = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'index.md')
  return [...new Set(['index.md', ...named, ...others.sort()])]
    .filter((file) => existsSync(join(folder, file)))
    .map((file) => ({ file, title: titleOf(readFileSync(join(folder, file), 'utf8'), file) }))
}

const titleOf = (/** @type {string} */ markdown, /** @type {string} */ file) =>
  /^# (.*)$/m.exec(markdown)?.[1]?.trim() ?? basename(file, '.md')

/**
 * Every link and picture of a text.
 * @param {string} markdown
 * @returns {{ text: string, target: string }[]}
 */
export function linksOf(markdown) {
  /** @type {{ text: string, target: string }[]} */
  const found = []
  const marked = new Marked()
  marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === 'link' || token.type === 'image') found.push({ text: token.text, target: token.href })
  })
  return found
}

/** The names by which a text's headings are linked to, as GitHub makes them. */
export function anchorsOf(/** @type {string} */ markdown) {
  const slugger = new GithubSlugger()
  /** @type {Set<string>} */
  const anchors = new Set()
  const marked = new Marked()
  marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === 'heading') anchors.add(slugger.slug(plain(token.text)))
  })
  return anchors
}

const plain = (/** @type {string} */ markdown) => markdown.replace(/[`*_]|\[([^\]]*)\]\([^)]*\)/g, '$1')

/**
 * Links of a file that lead nowhere: to a file that is not there, or to a heading that its text does not have. Addresses outside of
 * the project are not asked.
 * @param {string} file absolute
 */
export function brokenLinks(file) {
  return linksOf(readFileSync(file, 'utf8')).flatMap(({ target }) => {
    if (/^[a-z]+:/i.test(target)) return []
    const [path = '', anchor] = target.split('#')
    const place = path === '' ? file : resolve(dirname(file), decodeURIComponent(path))
    if (!existsSync(place)) return [`${target}: there is no ${relative(root, place)}`]
    if (anchor === undefined || extname(place) !== '.md') return []
    return anchorsOf(readFileSync(place, 'utf8')).has(anchor) ? [] : [`${target}: there is no such heading`]
  })
}

/**
 * One page. Links between pages stay; what lies elsewhere in the project or outside is named and not linked, since Help shows
 * nothing but itself.
 * @param {string} markdown
 * @param {Page[]} pages
 * @param {string} file
 */
export function renderPage(markdown, pages, file) {
  const slugger = new GithubSlugger()
  const renderer = new Renderer()
  renderer.heading = function ({ tokens, depth, text }) {
    return `<h${depth} id="${slugger.slug(plain(text))}">${this.parser.parseInline(tokens)}</h${depth}>\n`
  }
  renderer.link = function ({ href, tokens }) {
    const words = this.parser.parseInline(tokens)
    const [path = '', anchor] = href.split('#')
    if (path === '' || pages.some((page) => page.file === path))
      return `<a href="${path.replace(/\.md$/, '.html')}${anchor ? `#${anchor}` : ''}">${words}</a>`
    const where = href.replace(/^mailto:/, '')
    return words.replaceAll(/<[^>]*>/g, '') === where ? `<code>${where}</code>` : `${words} (<code>${where}</code>)`
  }
  renderer.html = ({ text }) => escape(text)
  const body = new Marked({ renderer }).parse(markdown, { async: false })
  const list = pages.map(
    (page) =>
      `<li><a href="${page.file.replace(/\.md$/, '.html')}"${page.file === file ? ' aria-current="page"' : ''}>${escape(page.title)}</a></li>`,
  )
  const title = pages.find((page) => page.file === file)?.title ?? 'Isogloss'
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(title)} - Isogloss</title><link rel="stylesheet" href="site.css"></head>
<body>
<nav aria-label="Pages"><ul>
${list.join('\n')}
</ul></nav>
<main>
${body}</main>
</body>
</html>
`
}

const escape = (/** @type {string} */ text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Writes all pages and pictures into a folder of their own. */
export async function writeSite(/** @type {string} */ target) {
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  const pages = pagesOf()
  for (const { file } of pages) {
    const html = renderPage(readFileSync(join(docs, file), 'utf8'), pages, file)
    await writeFile(join(target, file.replace(/\.md$/, '.html')), html)
  }
  const pictures = readdirSync(docs).filter((name) => /\.(?:png|svg)$/.test(name))
  for (const name of pictures) await copyFile(join(docs, name), join(target, name))
  await copyFile(style, join(target, 'site.css'))
}
