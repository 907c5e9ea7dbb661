import type { FromEngine } from '#protocol/wire.ts'
import { exitWithParent } from './host/exitWithParent.ts'
import { serve } from './host/serve.ts'

/** The engine as a process of its own: under Electron it is handed a message port, under Node it has its parent's channel. */

interface Port {
  postMessage(message: FromEngine): void
  on(event: 'message', listener: (event: { data: unknown; ports: Port[] }) => void): void
  start(): void
}

exitWithParent()
const electronParent = (process as { parentPort?: Port }).parentPort
if (electronParent) {
  electronParent.on('message', ({ ports: [port] }) => {
    if (!port) return
    serve({
      send: (message) => port.postMessage(message),
      receive: (listener) => port.on('message', ({ data }) => listener(data)),
    })
    port.start()
  })
} else {
  serve({
    send: (message) => process.send?.(message),
    receive: (listener) => process.on('message', listener),
  })
  process.on('disconnect', () => process.exit())
}
