import { parse } from 'yaml'
import { policySettings, type Policy, type PolicyName } from '#protocol/policy.ts'

/**
 * Reads a policy, setting by setting: what cannot be used is told in words and does not hold, what can does.
 * @param text YAML
 */
export function readPolicy(text: string): { policy: Policy; problems: string[] } {
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    return { policy: {}, problems: [`It is no YAML: ${(error as Error).message.split('\n')[0]}. No setting holds.`] }
  }
  if (content === null || content === undefined) return { policy: {}, problems: [] }
  if (typeof content !== 'object' || Array.isArray(content))
    return { policy: {}, problems: ['It holds no settings such as "threads: 4". No setting holds.'] }
  const policy: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, value] of Object.entries(content)) {
    if (!Object.hasOwn(policySettings, name)) {
      problems.push(`There is no setting "${name}"; there are ${Object.keys(policySettings).join(', ')}.`)
      continue
    }
    const checked = policySettings[name as PolicyName].safeParse(value)
    if (checked.success) policy[name] = checked.data
    else {
      const reasons = checked.error.issues.map(({ message }) => message.replace(/^Invalid (input|option): /, ''))
      problems.push(`${name} is ${JSON.stringify(value)}: ${reasons.join('; ')}. It does not hold.`)
    }
  }
  return { policy: policy as Policy, problems }
}
