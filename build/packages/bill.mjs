import { createHash } from 'node:crypto'
import { mustRun } from '../setup/command.mjs'
import { root } from '../setup/paths.mjs'

/**
 * The bill of materials in CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/): what npm says of the dependencies, and the
 * parts that are no npm packages. Time and serial number come from the commit and the content, so that it repeats.
 * @param {{ version: string, epochS: number, parts: { name: string, version: string, licence: string }[] }} about
 * @returns {Promise<string>}
 */
export async function billOfMaterials({ version, epochS, parts }) {
  const output = await mustRun(
    'Listing the dependencies',
    'npm',
    ['sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx'],
    {
      cwd: root,
    },
  )
  const bill = JSON.parse(output)
  // npm takes the checkout's folder for the name.
  Object.assign(bill.metadata.component, { name: 'isogloss', version })
  bill.metadata.timestamp = new Date(epochS * 1000).toISOString()
  bill.components.push(
    ...parts.map(({ name, version, licence }) => ({
      'bom-ref': `${name}@${version}`,
      type: 'library',
      name,
      version,
      licenses: [{ expression: licence }],
    })),
  )
  delete bill.serialNumber
  const hash = createHash('sha256').update(JSON.stringify(bill)).digest('hex')
  // RFC 9562, version 8: bits of one's own choice.
  const uuid = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ]
  return `${JSON.stringify({ serialNumber: `urn:uuid:${uuid.join('-')}`, ...bill }, null, 2)}\n`
}
