import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram, mustRun } from './command.mjs'
import { partialOf, putFolder, requireFreeDisk } from './files.mjs'
import { cacheDirectory, inPackage } from './paths.mjs'
import { licences, tensorflowVersion, variants } from './tensorflowWheels.mjs'
import { fetchWheel, unpackWheel } from './wheels.mjs'

/**
 * Native TensorFlow for TensorFlow.js. The package @tensorflow/tfjs-node-gpu would download libtensorflow 2.9 of 2022;
 * its binding builds as well against the libraries inside TensorFlow's current Python wheel, which pip mirrors carry.
 *
 * In the cache: tensorflow-<version>-<variant>/tensorflow/{libtensorflow*.so*, include/} and, for CUDA, nvidia/ beside it,
 * where TensorFlow's own relative rpath looks; binding-<hash of its sources>.node is built once. In node_modules: links to them.
 */

const packageName = '@tensorflow/tfjs-node-gpu'

/** Files of the finished installation, which the package's binding looks for at $ORIGIN/../../deps/lib. */
const placed = {
  libraries: inPackage(packageName, 'deps', 'lib'),
  include: inPackage(packageName, 'deps', 'include'),
  bindingFolder: inPackage(packageName, 'lib', 'napi-v8'),
  binding: inPackage(packageName, 'lib', 'napi-v8', 'tfjs_binding.node'),
}

/** ISOGLOSS_TENSORFLOW decides; else a machine with an NVIDIA driver gets the CUDA build. */
function chooseVariant() {
  const wanted = process.env.ISOGLOSS_TENSORFLOW
  if (wanted && wanted !== 'cpu' && wanted !== 'gpu') {
    throw new Error(`ISOGLOSS_TENSORFLOW is "${wanted}", expected cpu or gpu.`)
  }
  const name = wanted || (findProgram('nvidia-smi') ? 'gpu' : 'cpu')
  return { name, folder: join(cacheDirectory, `tensorflow-${tensorflowVersion}-${name}`) }
}

/** True when the package has its libraries and binding, of the variant that is wanted now. */
export function isTensorFlowReady() {
  const { folder } = chooseVariant()
  const binding = bindingInCache(folder)
  return (
    isComplete(folder) &&
    isCudaLinked(folder) &&
    linksTo(placed.libraries, join(folder, 'tensorflow')) &&
    existsSync(binding) &&
    existsSync(placed.binding) &&
    readFileSync(placed.binding).equals(readFileSync(binding))
  )
}

/** @param {(line: string) => void} say */
export async function provideTensorFlow(say) {
  const { name, folder } = chooseVariant()
  if (!isComplete(folder)) await downloadLibraries(name, folder, say)
  if (!isCudaLinked(folder)) await linkCuda(folder)
  if (!existsSync(bindingInCache(folder))) await buildBinding(folder, say)
  await placeInPackage(folder)
}

/**
 * The libraries, the binding and the licences of the variant that is wanted now, for packages.
 * @param {(line: string) => void} say
 */
export async function findTensorFlow(say) {
  const { name, folder } = chooseVariant()
  const [wheel] = variants[`${name}-${process.platform}-${process.arch}`] ?? []
  // Folders of earlier set-ups lack the licences.
  if (wheel && !licences.every((path) => existsSync(join(folder, path)))) {
    const path = await fetchWheel(wheel, say)
    await unpackWheel({ ...wheel, members: licences }, path, folder)
    await rm(path)
  }
  return {
    variant: name,
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map((file) =>
      join(folder, 'tensorflow', file),
    ),
    folder,
    licences: licences.map((path) => join(folder, path)),
  }
}

/**
 * TensorFlow opens CUDA's libraries from libtensorflow_framework, whose search path names a folder for each of them but
 * cuSOLVER, and takes no GPU where one of them is missing. So that lies among cuBLAS's too.
 */
const cusolver = 'libcusolver.so.11'
const cusolverLink = (/** @type {string} */ folder) => join(folder, 'nvidia', 'cublas', 'lib', cusolver)
const isCudaLinked = (/** @type {string} */ folder) =>
  !existsSync(join(folder, 'nvidia')) || existsSync(cusolverLink(folder))
const linkCuda = (/** @type {string} */ folder) =>
  symlink(join('..', '..', 'cusolver', 'lib', cusolver), cusolverLink(folder))

const isComplete = (/** @type {string} */ folder) => existsSync(join(folder, 'complete'))

/** What the binding is made of beside the package's headers: the compiler reads our header before all others. */
const ownHeader = fileURLToPath(new URL('napiAutoRef.h', import.meta.url))
const bindingSources = [
  inPackage(packageName, 'binding', 'tfjs_backend.cc'),
  inPackage(packageName, 'binding', 'tfjs_binding.cc'),
  fileURLToPath(new URL('quietTensorFlow.cc', import.meta.url)),
]

/** Arguments that every compiler of the binding gets. */
export const bindingArguments = (/** @type {string} */ folder) => [
  ...['-shared', '-fPIC', '-O2', '-std=c++17', '-w', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
  ...['-I', inPackage('node-api-headers', 'include'), '-I', join(folder, 'tensorflow', 'include')],
  ...['-include', ownHeader, ...bindingSources],
  ...['-L', join(folder, 'tensorflow'), '-ltensorflow', '-ltensorflow_framework'],
  '-Wl,-rpath,$ORIGIN/../../deps/lib',
]

/** A hash of the binding's sources, and of what else decides about it. */
export function bindingHash(/** @type {string} */ salt = '') {
  const hash = createHash('sha256').update(salt)
  for (const source of [ownHeader, ...bindingSources]) hash.update(readFileSync(source))
  return hash.digest('hex').slice(0, 8)
}

const bindingInCache = (/** @type {string} */ folder) => join(folder, `binding-${bindingHash()}.node`)

function linksTo(/** @type {string} */ link, /** @type {string} */ target) {
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(link) === target
}

/**
 * @param {string} name
 * @param {string} folder
 * @param {(line: string) => void} say
 */
async function downloadLibraries(name, folder, say) {
  const wheels = variants[`${name}-${process.platform}-${process.arch}`]
  if (!wheels) {
    throw new Error(
      `There is no recipe for libtensorflow (${name}) on ${process.platform} ${process.arch}, only for ` +
        `${Object.keys(variants).join(', ')}.`,
    )
  }
  const megabytes = wheels.reduce((sum, wheel) => sum + wheel.megabytes, 0)
  // A wheel unpacks to about three times its size, and stays until it has.
  await requireFreeDisk(folder, 4.2e6 * megabytes)
  /** @type {string[]} */
  const paths = []
  for (const wheel of wheels) paths.push(await fetchWheel(wheel, say))
  say(`unpacking libtensorflow ${tensorflowVersion} into ${folder}`)
  await putFolder(folder, async (temporary) => {
    for (const [k, wheel] of wheels.entries()) await unpackWheel(wheel, paths[k] ?? '', temporary)
    const libraries = join(temporary, 'tensorflow')
    await symlink('libtensorflow_cc.so.2', join(libraries, 'libtensorflow.so'))
    await symlink('libtensorflow_framework.so.2', join(libraries, 'libtensorflow_framework.so'))
    await writeFile(
      join(temporary, 'complete'),
      `${wheels.map(({ file, sha256 }) => `${sha256}  ${file}`).join('\n')}\n`,
    )
  })
  for (const path of paths) await rm(path)
}

/**
 * Two files of C++ against headers that are packages: no node-gyp, no Node headers of this machine.
 * N-API 8 is stable, so one build serves every Node from 20 and Electron.
 * @param {string} folder
 * @param {(line: string) => void} say
 */
async function buildBinding(folder, say) {
  say('compiling the TensorFlow binding (about 20 s)')
  const target = bindingInCache(folder)
  const partial = await partialOf(target)
  await mustRun('Compiling the TensorFlow binding', 'g++', [...bindingArguments(folder), '-o', partial])
  await rename(partial, target)
}

async function placeInPackage(/** @type {string} */ folder) {
  await rm(inPackage(packageName, 'deps'), { recursive: true, force: true })
  await mkdir(inPackage(packageName, 'deps'))
  await mkdir(placed.bindingFolder, { recursive: true })
  const partial = await partialOf(placed.binding)
  await copyFile(bindingInCache(folder), partial)
  await rename(partial, placed.binding)
  await symlink(join(folder, 'tensorflow', 'include'), placed.include)
  await symlink(join(folder, 'tensorflow'), placed.libraries)
}
