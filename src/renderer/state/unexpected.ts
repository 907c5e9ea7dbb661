import type { Notices } from './notices.svelte.ts'
import { toError } from './toError.ts'

/** Errors of requests that the window has words for already: the engine's end, or the project that was left. */
const saidElsewhere = new Set(['engine/stopped', 'engine/restarted', 'engine/replaced', 'project/left'])

export const isSaidElsewhere = (error: unknown): boolean => saidElsewhere.has(toError(error).code)

/** Shows every error that nobody caught above the view. */
export function noticeUnexpected(notices: Notices): void {
  const tell = (error: unknown) => {
    if (!isSaidElsewhere(error)) notices.error('Something went wrong in the window', error)
  }
  window.addEventListener('unhandledrejection', ({ reason }) => tell(reason))
  window.addEventListener('error', ({ error }) => {
    // The browser's own remarks, such as on observers that were late, come as such events too, without an error.
    if (error !== null && error !== undefined) tell(error)
  })
}
