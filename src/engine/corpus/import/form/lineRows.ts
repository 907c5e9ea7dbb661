import type { TextBlock } from '../container/encoding/blockDecoder.ts'
import { lineSplitter, type TakeLine } from '../container/lineSplitter.ts'

export interface LineTaker {
  take: TakeLine
  /** Sees each block before its lines. */
  block?(bytes: Buffer): void
  end?(): void
}

/** Gives the lines of a text to `taker`, pausing after each block. */
export async function* lineRows(blocks: AsyncIterable<TextBlock>, taker: LineTaker): AsyncGenerator<void> {
  const splitter = lineSplitter()
  for await (const block of blocks) {
    taker.block?.(block.bytes)
    splitter.push(block, taker.take)
    yield
  }
  splitter.end(taker.take)
  taker.end?.()
}

/** The lines of a text in memory, without their ends. */
export function linesOf({ bytes, damaged }: TextBlock, most = Infinity): string[] {
  const lines: string[] = []
  const splitter = lineSplitter()
  const take: TakeLine = (_, line, start, end) =>
    void (lines.length < most && lines.push(line.toString('utf8', start, end)))
  splitter.push({ bytes, damaged }, take)
  splitter.end(take)
  return lines
}
