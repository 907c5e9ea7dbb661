import { setTimeout as wait } from 'node:timers/promises'

/** Waits until something holds. @throws Error that names it when it does not within `withinMs` */
export async function eventually(what: string, holds: () => boolean, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It did not come to this within ${withinMs / 1000} s: ${what}.`)
    await wait(10)
  }
}
