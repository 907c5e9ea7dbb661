import { findProgram, run } from './command.mjs'

const leastNode = [20, 19]

/** @throws {Error} where this Node.js is too old */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = leastNode
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return
  throw new Error(
    `Node.js is ${process.versions.node}, expected ${leastNode.join('.')} or newer. Install a current one.`,
  )
}

/** @throws {Error} where something is missing that fetches and builds native TensorFlow, with the line that installs it */
export async function checkBuildTools() {
  const missing = []
  if (!findProgram('python3')) missing.push('python3', 'python3-pip')
  else if ((await run('python3', ['-m', 'pip', '--version'])).code !== 0) missing.push('python3-pip')
  if (!findProgram('g++')) missing.push('g++')
  if (missing.length === 0) return
  throw new Error(
    `Native TensorFlow needs what this machine lacks: ${missing.join(', ')}. ` +
      `On Debian or Ubuntu run: sudo apt-get install -y ${missing.join(' ')}`,
  )
}
