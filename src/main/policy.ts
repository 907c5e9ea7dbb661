import { readFileSync } from 'node:fs'
import type { Policy } from '#protocol/policy.ts'
import { readPolicy as policyOf } from '#pure/readPolicy.ts'

/** What the machine's administrator has set; the engine says what is wrong with it, and whose it is. */
export function readPolicy(file = '/etc/isogloss/policy.yaml'): Policy {
  try {
    return policyOf(readFileSync(file, 'utf8')).policy
  } catch {
    return {}
  }
}
