import type { FromEngine, Grant, Granted } from '#protocol/wire.ts'
import { endInWords } from './host/endInWords.ts'
import { exitWithParent } from './host/exitWithParent.ts'
import { Grants } from './host/grants.ts'
import { applyPolicy, machinePolicy } from './host/machinePolicy.ts'
import { serve, type Transport } from './host/serve.ts'

/**
 * The engine as a process of its own. Under Electron it is handed a message port, whose other end a page has, and told by the
 * shell which paths that page may name; under Node it has its parent's channel, and trusts it.
 */

interface Port {
  postMessage(message: FromEngine | Granted): void
  on(event: 'message', listener: (event: { data: unknown; ports: Port[] }) => void): void
  start(): void
}

exitWithParent()
applyPolicy(machinePolicy().policy, process.env)
const engines: ReturnType<typeof serve>[] = []
endInWords(engines)
// A terminal's Ctrl+C reaches the whole process group: the parent alone decides what it means.
const leftToTheParent = () => undefined
process.on('SIGINT', leftToTheParent)

const electronParent = (process as { parentPort?: Port }).parentPort
if (electronParent) {
  const grants = Grants.nothing()
  electronParent.on('message', ({ data, ports: [port] }) => {
    const { kind, id, paths } = data as Grant | { kind: 'connect'; id?: never; paths?: never }
    if (kind === 'grant') void grants.add(paths).then(() => electronParent.postMessage({ kind: 'granted', id }))
    if (!port) return
    const transport: Transport = {
      send: (message) => port.postMessage(message),
      receive: (listener) => port.on('message', ({ data }) => listener(data)),
    }
    const engine = serve(transport, grants)
    engines.push(engine)
    port.start()
  })
} else {
  const transport: Transport = {
    // A parent that is gone reads nothing more, and the disconnection ends this process.
    send: (message) => process.send?.(message, () => undefined),
    receive: (listener) => process.on('message', listener),
  }
  const engine = serve(transport, Grants.everything())
  engines.push(engine)
  process.on('disconnect', () => process.exit())
  // A scheduler ends a job by SIGTERM to all its processes; under Electron it is how the shell ends the engine.
  process.on('SIGTERM', leftToTheParent)
}
