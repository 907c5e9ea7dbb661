import type { FromEngine } from '#protocol/wire.ts'
import { endInWords } from './host/endInWords.ts'
import { exitWithParent } from './host/exitWithParent.ts'
import { serve } from './host/serve.ts'

/** The engine as a process of its own: under Electron it is handed a message port, under Node it has its parent's channel. */

interface Port {
  postMessage(message: FromEngine): void
  on(event: 'message', listener: (event: { data: unknown; ports: Port[] }) => void): void
  start(): void
}

exitWithParent()
const engines: ReturnType<typeof serve>[] = []
endInWords(engines)
// A terminal's Ctrl+C reaches the whole process group: the parent alone decides what it means.
const leftToTheParent = () => undefined
process.on('SIGINT', leftToTheParent)

const electronParent = (process as { parentPort?: Port }).parentPort
if (electronParent) {
  electronParent.on('message', ({ ports: [port] }) => {
    if (!port) return
    const engine = serve({
      send: (message) => port.postMessage(message),
      receive: (listener) => port.on('message', ({ data }) => listener(data)),
    })
    engines.push(engine)
    port.start()
  })
} else {
  const engine = serve({
    // A parent that is gone reads nothing more, and the disconnection ends this process.
    send: (message) => process.send?.(message, () => undefined),
    receive: (listener) => process.on('message', listener),
  })
  engines.push(engine)
  process.on('disconnect', () => process.exit())
  // A scheduler ends a job by SIGTERM to all its processes; under Electron it is how the shell ends the engine.
  process.on('SIGTERM', leftToTheParent)
}
