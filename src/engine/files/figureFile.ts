import { createRequire } from 'node:module'
import { extname, resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import { writeFileAtomically } from './atomicFile.ts'
import { writeNewFile } from './newFile.ts'

/** What print asks for. */
const dotsPerInch = 300

export const isFigure = (path: string) => ['.svg', '.png'].includes(extname(path).toLowerCase())

export const unknownEnding = (path: string) =>
  new EngineError(
    'export/unknown-format',
    `${path} ends in "${extname(path)}"; a figure is written to a file that ends in .svg or .png. Name one of these.`,
  )

/** Writes a figure as it is (.svg) or at 300 dots an inch (.png) to a new file. */
export async function writeFigure(path: string, svg: string): Promise<void> {
  if (!isFigure(path)) throw unknownEnding(path)
  const content = extname(path).toLowerCase() === '.svg' ? svg : await png(svg)
  await writeNewFile(resolve(path), (file) => file.writeFile(content))
}

/**
 * Writes what a person chose to save in a dialogue: a figure (.svg, .png) from SVG, or its data (.csv, .geojson, .tex) as they are. The
 * dialogue has asked about a file that is there, so it is replaced.
 */
export async function saveChosen(path: string, content: string): Promise<void> {
  switch (extname(path).toLowerCase()) {
    case '.svg':
    case '.csv':
    case '.geojson':
    case '.tex':
      return writeFileAtomically(resolve(path), content)
    case '.png':
      return writeFileAtomically(resolve(path), await png(content))
    default:
      throw new EngineError(
        'export/unknown-ending',
        `${path} ends in "${extname(path)}"; expected .svg or .png for a figure, .csv, .geojson or .tex for its data. Choose a name that ends in one of these.`,
      )
  }
}

/** The font lies in a package, so that a PNG looks alike on every machine. */
async function png(svg: string): Promise<Buffer> {
  const { Resvg } = await import('@resvg/resvg-js')
  const font = (name: string) => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)
  const widthMm = Number(/width="([\d.]+)mm"/.exec(svg)![1])
  const image = new Resvg(svg, {
    fitTo: { mode: 'width', value: Math.round((widthMm / 25.4) * dotsPerInch) },
    font: {
      fontFiles: [font('DejaVuSans'), font('DejaVuSans-Bold')],
      loadSystemFonts: false,
      defaultFontFamily: 'DejaVu Sans',
    },
  }).render()
  return withResolution(image.asPng())
}

/** A PNG that says its size on paper: a pHYs chunk behind the head (PNG specification, 11.3.4.3), with its check sum. */
function withResolution(image: Buffer): Buffer {
  const chunk = Buffer.alloc(21)
  chunk.writeUInt32BE(9, 0)
  chunk.write('pHYs', 4, 'latin1')
  const dotsPerMetre = Math.round(dotsPerInch / 0.0254)
  chunk.writeUInt32BE(dotsPerMetre, 8)
  chunk.writeUInt32BE(dotsPerMetre, 12)
  chunk[16] = 1
  chunk.writeUInt32BE(checkSum(chunk.subarray(4, 17)), 17)
  // Eight bytes of signature, and the head with its 13.
  return Buffer.concat([image.subarray(0, 33), chunk, image.subarray(33)])
}

/** CRC-32 as PNG and zip have it. */
function checkSum(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}
