import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { readArray, readNpy, writeNpy } from './npy.ts'

const directory = mkdtempSync(join(tmpdir(), 'isogloss-'))
afterAll(() => rmSync(directory, { recursive: true }))
const path = join(directory, 'a.npy')

/** A file with this header before three float32. */
async function withHeader(text: string, magic = '\x93NUMPY\x01\x00') {
  const length = Buffer.alloc(2)
  length.writeUInt16LE(text.length + 1)
  await writeFile(
    path,
    Buffer.concat([Buffer.from(magic, 'latin1'), length, Buffer.from(`${text}\n`), Buffer.alloc(12)]),
  )
}

describe('readNpy', () => {
  it('gives back what was written', async () => {
    for (const values of [
      Float32Array.of(1.5, -2),
      Float64Array.of(Math.PI, 0),
      Int32Array.of(-1, 7),
      Uint32Array.of(2 ** 31, 1),
      Uint8Array.of(1, 255),
    ]) {
      await writeNpy(path, values, [2, 1])
      expect(await readNpy(path)).toEqual({ values, shape: [2, 1] })
    }
  })

  it.each(['(3000000000, 3000000000)', '(-3,)', '(1.5, 2)', '(1e3,)', '(2,)', '(4,)', '(3 3)', '(nan,)', '3'])(
    'refuses the shape %s before it takes memory',
    async (shape) => {
      await withHeader(`{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`)
      await expect(readNpy(path)).rejects.toMatchObject({
        code: 'file/damaged',
        message: expect.stringContaining(path) as string,
      })
    },
  )

  it('refuses headers that it could misread', async () => {
    for (const [text, magic] of [
      ["{'descr': '<f4', 'fortran_order': True, 'shape': (3,), }"],
      ["{'descr': '>f4', 'fortran_order': False, 'shape': (3,), }"],
      ["{'descr': 'constructor', 'fortran_order': False, 'shape': (3,), }"],
      ["{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", '\x93NUMPY\x02\x00'],
      ['', ''],
    ] as const) {
      await withHeader(text, magic)
      await expect(readNpy(path), text).rejects.toMatchObject({ code: 'file/damaged' })
    }
    await writeFile(path, '')
    await expect(readNpy(path)).rejects.toMatchObject({ code: 'file/damaged' })
  })

  it('refuses a file that lost its end, a folder, and one that is missing', async () => {
    await writeNpy(path, new Int32Array(100))
    await truncate(path, 300)
    for (const place of [path, directory, join(directory, 'nowhere.npy')]) {
      await expect(readNpy(place)).rejects.toMatchObject({
        code: 'file/damaged',
        message: expect.stringMatching(/^\/.* cannot be used: .* Delete the artefact/) as string,
      })
    }
  })

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    const pipe = join(directory, 'pipe.npy')
    await promisify(execFile)('mkfifo', [pipe])
    await expect(readNpy(pipe)).rejects.toMatchObject({ code: 'file/damaged' })
  })
})

describe('readArray', () => {
  it('holds type and shape against what an artefact must have', async () => {
    await writeNpy(path, new Float64Array(6), [2, 3])
    expect((await readArray(path, Float64Array, [null, 3])).values).toHaveLength(6)
    await expect(readArray(path, Float32Array, [null, 3])).rejects.toThrow(
      'it holds Float64Array, expected Float32Array',
    )
    await expect(readArray(path, Float64Array, [3, null])).rejects.toThrow('its shape is (2, 3), expected (3, any)')
    await expect(readArray(path, Float64Array)).rejects.toThrow('its shape is (2, 3), expected (any)')
  })
})
