import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { BrowserWindow, session } from 'electron'
import { pageOrigin } from './appScheme.ts'
import { lockDownSession } from './lockDown.ts'

const fonts = { 'DejaVuSans.ttf': 'normal', 'DejaVuSans-Bold.ttf': 'bold' } as const
const policy = "default-src 'none'; style-src 'unsafe-inline'; font-src 'self'; img-src data:"
const millimetresPerInch = 25.4

/**
 * Writes a figure as PDF through Chromium's own printing: lines stay lines, and letters letters, in the font of the PNG.
 * @param file what a person chose to save; what is there is replaced once the new one is whole
 * @param svg with its size in millimetres
 * @param fontFolder of the engine's package of fonts; where it is not there, the system's own font is printed
 */
export async function savePdf(file: string, svg: string, fontFolder: string): Promise<void> {
  if (extname(file).toLowerCase() !== '.pdf')
    throw new Error(`${file} ends in "${extname(file)}"; a PDF ends in .pdf. Choose a name that does.`)
  const [, widthMm, heightMm] = /^<svg [^>]*?width="([\d.]+)mm" height="([\d.]+)mm"/.exec(svg)?.map(Number) ?? []
  if (widthMm === undefined || heightMm === undefined)
    throw new Error('The figure does not say its size in millimetres, so that no page of its size can be printed.')
  const bytes = await printed(paper(svg, widthMm, heightMm), { widthMm, heightMm }, fontFolder)
  const beside = `${file}.${randomUUID()}.tmp`
  try {
    await writeFile(beside, bytes, { flag: 'wx' })
    await rename(beside, file)
  } finally {
    await rm(beside, { force: true })
  }
}

/** A sheet as large as the figure, with nothing else on it. */
function paper(svg: string, widthMm: number, heightMm: number): string {
  const faces = Object.entries(fonts).map(
    ([name, weight]) => `@font-face{font-family:'DejaVu Sans';font-weight:${weight};src:url(${pageOrigin}/${name})}`,
  )
  const preloads = Object.keys(fonts).map(
    (name) => `<link rel="preload" as="font" type="font/ttf" crossorigin href="${pageOrigin}/${name}">`,
  )
  return `<!doctype html><meta charset="utf-8">${preloads.join('')}<style>${faces.join('')}
@page{size:${widthMm}mm ${heightMm}mm;margin:0}html,body{margin:0}svg{display:block}</style>${svg}`
}

async function printed(
  html: string,
  { widthMm, heightMm }: { widthMm: number; heightMm: number },
  fontFolder: string,
): Promise<Uint8Array> {
  // A session of its own knows the figure and its font, and nothing else.
  const own = session.fromPartition(`figure-${randomUUID()}`, { cache: false })
  lockDownSession(own)
  own.protocol.handle('app', async ({ url }) => {
    const name = url.slice(pageOrigin.length + 1)
    if (name === 'figure.html')
      return new Response(html, {
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
      })
    const font = name in fonts ? await readFile(join(fontFolder, name)).catch(() => null) : null
    return font
      ? new Response(new Uint8Array(font), { headers: { 'content-type': 'font/ttf' } })
      : new Response('Not found', { status: 404 })
  })
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: own, sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
  })
  try {
    await window.loadURL(`${pageOrigin}/figure.html`)
    return await window.webContents.printToPDF({
      printBackground: true,
      pageSize: { width: widthMm / millimetresPerInch, height: heightMm / millimetresPerInch },
      margins: { top: 0, bottom: 0, left: 0, right: 0 },
      preferCSSPageSize: true,
      // A rounded height would begin a second page.
      pageRanges: '1',
    })
  } finally {
    window.destroy()
    own.protocol.unhandle('app')
  }
}
