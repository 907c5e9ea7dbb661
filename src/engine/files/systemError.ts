import { EngineError } from '#protocol/errors.ts'

/**
 * Our words for what the operating system refuses, whichever part met it; null for any other error.
 * DuckDB wraps the system's words in its own message and gives no code.
 */
export function systemError(error: unknown): EngineError | null {
  const { path, syscall, message = '' } = error as NodeJS.ErrnoException
  // On a read-only disk a folder that is made with its parents is said to be missing.
  const code =
    syscall === 'mkdir' && (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'EROFS'
      : (error as NodeJS.ErrnoException).code
  const because = { cause: error }
  const file = path ?? 'a file'
  switch (code ?? codeOfMessage(message)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new EngineError(
        'disk/full',
        'The disk is full: nothing half-made was kept. Free some space or delete artefacts, then run again.',
        {},
        because,
      )
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new EngineError(
        'file/not-permitted',
        `${file} may not be read or written (${code === 'EROFS' ? 'the disk is read-only' : 'permission denied'}). Change its permissions or choose another folder.`,
        { path },
        because,
      )
    case 'EEXIST':
    case 'ENOTDIR':
      return new EngineError(
        'file/not-a-folder',
        `${file} is, or lies in, a file; a folder was expected. Choose another folder.`,
        { path },
        because,
      )
    case 'EISDIR':
      return new EngineError(
        'file/not-a-file',
        `${file} is a folder; a file was expected. Choose a file.`,
        { path },
        because,
      )
    case 'ENOENT':
      return new EngineError(
        'file/missing',
        `${file} does not exist. Name one that does, or restore it.`,
        { path },
        because,
      )
    case 'EIO':
      return new EngineError(
        'disk/failing',
        `The disk cannot read or write ${file}. Check it; what was finished before is kept.`,
        { path },
        because,
      )
    default:
      return null
  }
}

const codeOfMessage = (message: string) =>
  message.includes('No space left on device') ? 'ENOSPC' : message.includes('Permission denied') ? 'EACCES' : undefined
