import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { corpusSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { generateSample } from '#engine/corpus/sample/generateSample.ts'
import { importWord2vec } from '#engine/embeddings/word2vec.ts'
import { fileHash } from '#engine/runs/contentId.ts'
import { guessedCorpusSize } from '#engine/runs/corpusSize.ts'
import { readExperimentFile } from '#engine/runs/experimentFile.ts'
import { previewImport } from '#engine/corpus/import/previewImport.ts'
import { unpackedBytes } from './unpackedBytes.ts'

let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterAll(() => rm(directory, { recursive: true }))

async function textOf(path: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of unpackedBytes(path)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

// What a stream throws outside of the iteration would end the test run as an uncaught exception.
describe('files that are read and written as streams', () => {
  it('are unpacked by what they are, whatever they are called', async () => {
    await writeFile(join(directory, 'plain.gz'), 'not packed')
    await writeFile(join(directory, 'packed'), gzipSync('packed'))
    expect(await textOf(join(directory, 'plain.gz'))).toBe('not packed')
    expect(await textOf(join(directory, 'packed'))).toBe('packed')
  })

  it('tell of damage and of absence where they are read', async () => {
    const cut = join(directory, 'cut.gz')
    await writeFile(cut, gzipSync('x y z\n'.repeat(10_000)).subarray(0, 50))
    const gone = join(directory, 'gone.gz')
    await expect(textOf(cut)).rejects.toMatchObject({ code: 'Z_BUF_ERROR' })
    await expect(textOf(gone)).rejects.toMatchObject({ code: 'ENOENT' })
    for (const path of [cut, gone]) {
      await expect(importWord2vec(path, ['a'])).rejects.toMatchObject({ code: 'embedding/unreadable' })
      expect(await guessedCorpusSize(corpusSettings.parse({ train: path }))).toBeNull()
    }
  })

  it('tell of a full disk where they are written (skipped where no file system can be mounted)', async ({ skip }) => {
    const disk = join(directory, 'disk')
    await mkdir(disk)
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status !== 0)
      skip('only root can mount a small file system')
    try {
      await expect(generateSample({ directory: disk, authors: 300, seed: 1 }, quietContext)).rejects.toMatchObject({
        code: 'ENOSPC',
      })
    } finally {
      spawnSync('umount', [disk])
    }
  })

  it('are refused where they are longer than any of their kind', async () => {
    const path = join(directory, 'long.vec')
    await writeFile(path, `1 2\nword ${'1 '.repeat(3 << 20)}`)
    await expect(importWord2vec(path, ['a'])).rejects.toThrow(/row 2 is longer than/)
    await writeFile(path, `word ${'1 '.repeat(3 << 20)}`)
    await expect(importWord2vec(path, ['a'])).rejects.toThrow(/a vector has \d+ values; at most 65536/)
    await writeFile(path, '2 4000000000\nword 1 2')
    await expect(importWord2vec(path, ['a'])).rejects.toThrow(/4000000000 values/)
  })

  it.skipIf(process.platform !== 'linux')('are regular files: no device, no named pipe, no folder', async () => {
    const [folder, pipe] = [join(directory, 'folder'), join(directory, 'pipe')]
    await mkdir(folder)
    execFileSync('mkfifo', [pipe])
    for (const [path, kind] of [
      ['/dev/zero', 'a device'],
      [pipe, 'a named pipe'],
      [folder, 'a folder'],
    ] as const) {
      for (const read of [fileHash, textOf, readExperimentFile, (file: string) => importWord2vec(file, ['a'])]) {
        await expect(read(path)).rejects.toMatchObject({ code: 'file/not-a-file', data: { path, kind } })
      }
      await expect(previewImport([path], { format: 'parquet' })).rejects.toMatchObject({ code: 'file/not-a-file' })
      expect(await guessedCorpusSize(corpusSettings.parse({ train: path }))).toBeNull()
    }
  })
})
