// What `electron [-r module] <folder or file>` does, for the test runtime, which comes without Electron's own default app.
// An ES module that awaits the app's main module: 'ready' waits for it, as protocol.registerSchemesAsPrivileged needs.
import { app } from 'electron'
import Module, { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)
const args = process.argv.slice(1)
const preloads = []
let target = null
for (let i = 0; i < args.length && target === null; i++) {
  const arg = args[i]
  if (arg === '-r' || arg === '--require') preloads.push(args[++i])
  else if (!arg.startsWith('-')) target = arg
}
if (preloads.length > 0) Module._preloadModules(preloads)
if (target === null) {
  console.error('usage: electron [-r module] <folder or file>')
  process.exit(1)
}

const folder = path.resolve(target)
try {
  const { name, productName, version } = require(path.join(folder, 'package.json'))
  app.setAppPath(folder)
  if (productName || name) app.setName(productName || name)
  if (version) app.setVersion(version)
} catch {
  app.setAppPath(path.dirname(folder))
}
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
process.argv.splice(1, process.argv.length - 1, ...args.slice(args.indexOf(target)))
try {
  await import(pathToFileURL(Module._resolveFilename(folder, null, true)).href)
} catch (error) {
  console.error(error)
  process.exit(1)
}
