import { setImmediate } from 'node:timers/promises'
import type { StageContext } from './context.ts'

/** Between two parts of long work: lets requests and a cancel in. */
export async function pause({ signal }: Pick<StageContext, 'signal'>): Promise<void> {
  await setImmediate()
  signal.throwIfAborted()
}
