import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { compile } from '../compile.mjs'
import { findProgram } from '../setup/command.mjs'
import { root } from '../setup/paths.mjs'
import { findTensorFlow, isTensorFlowReady } from '../setup/tensorflow.mjs'
import { tensorflowVersion } from '../setup/tensorflowWheels.mjs'
import { identityOf, readCheckout } from './identity.mjs'
import { portableBinding } from './portableBinding.mjs'
import { traceEngine } from './traceEngine.mjs'

/**
 * What every kind of package is made of: bundles, traced files, native parts, a name; and a folder to lay trees out in.
 * @param {{ bundles: ('node' | 'window')[], forTests: boolean, programs: string[] }} wanted programs: of this system
 * @param {(line: string) => void} say
 */
export async function prepare({ bundles, forTests, programs }, say) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`Packages are built on Linux x64; this is ${process.platform} ${process.arch}.`)
  for (const program of [...programs, 'strip', 'objdump', 'gzip', 'python3'])
    if (!findProgram(program))
      throw new Error(`There is no ${program}. Run: apt-get install dpkg binutils gzip tar python3-venv`)
  if (!isTensorFlowReady()) throw new Error('There is no native TensorFlow to pack. Run: npm run setup')
  await compile(bundles, say)
  const checkout = readCheckout()
  if (checkout.modified) say('the checkout holds changes that no commit has: these packages cannot be built again')
  const tensorflow = await findTensorFlow(say)
  const work = join(root, 'out', 'package-trees')
  await rm(work, { recursive: true, force: true })
  return {
    identity: identityOf(checkout, forTests),
    tensorflow: { ...tensorflow, binding: await portableBinding(tensorflow, say) },
    tensorflowVersion,
    traced: await traceEngine(),
    work,
  }
}
