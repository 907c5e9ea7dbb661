import { parseArgs } from 'node:util'
import { sizes, type Check, type Size } from './check.ts'
import { dareds } from './dareds/dareds.ts'
import { regions } from './regions/regions.ts'

const checks: Record<string, Check> = { regions, dareds }
const usage = `usage: npm run -s check:NAME [-- --size ${sizes.join('|')}]; dareds: --terms FILE --corpus FILE\nNAME: ${Object.keys(checks).join(', ')}`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: 'default' },
    terms: { type: 'string' },
    corpus: { type: 'string', multiple: true },
  },
})
const [name = ''] = positionals
const check = checks[name]
if (!check || !sizes.includes(values.size as Size)) {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}
const figures = await check.run({
  size: values.size as Size,
  files: { terms: values.terms, corpus: values.corpus },
  say: (line) => process.stderr.write(`${line}\n`),
})
process.stdout.write(`${JSON.stringify({ check: name, size: values.size, ...figures })}\n`)
