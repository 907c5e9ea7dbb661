import { EngineClient } from './engineClient.ts'

/** Runs a command with an engine of its own; Ctrl+C and SIGTERM cancel what it does within a second. */
export async function withEngine<T>(work: (engine: EngineClient) => Promise<T>): Promise<T> {
  const engine = new EngineClient()
  const interrupt = () => engine.interrupt()
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await work(engine)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
    engine.close()
  }
}
