import { basename } from 'node:path'

/** Whether text that was read as windows-1252 was written as UTF-8, "Ã¼" for "ü": "Â" or "Ã" before another letter beyond ASCII. */
export function isMisread(bytes: Buffer, start: number, end: number): boolean {
  for (let at = bytes.indexOf(0xc3, start); at >= 0 && at < end - 2; at = bytes.indexOf(0xc3, at + 2)) {
    const second = bytes[at + 1]!
    if ((second === 0x82 || second === 0x83) && bytes[at + 2]! >= 0x80) return true
  }
  return false
}

export const misreadWarning = (path: string, rows: number) =>
  `${rows} ${rows === 1 ? 'row' : 'rows'} of ${basename(path)} look like UTF-8, but the file is not UTF-8 throughout and is read as windows-1252 ("Ã¼" for "ü"): its lines seem to be in different encodings. If you can, save all of it as UTF-8 and import it again.`

export const mendedWarning = (path: string, rows: number) =>
  `${rows} ${rows === 1 ? 'row' : 'rows'} of ${basename(path)} hold a few bytes that are no characters: U+FFFD stands for them, the rest of the text is kept. Rows of which they are more than a hundredth are rejected (bad-encoding).`

/** "Ã¼", "Ð¿" or "â€™": UTF-8 that was read as windows-1252 and written as UTF-8 again. */
const encodedTwice = /[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰ŠŒŽ˜™šœžŸ]|[ÐÑ][\u00a0-\u00bf]|â[\u0080€][\u0080-\u00bf™œ“”˜]/

/** What to say where rows of a sample hold text that was encoded twice; null where they do not. */
export function encodedTwiceNote(sample: string[][]): string | null {
  const rows = sample.filter((row) => row.some((text) => encodedTwice.test(text))).length
  if (rows === 0) return null
  return `${rows} of the first ${sample.length} rows hold text that looks as if it had been encoded twice ("Ã¼" for "ü"): it was UTF-8 that some program read as windows-1252. It is taken as it is; export it again if you can.`
}
