import { EngineClient, Interrupted } from './engineClient.ts'

/**
 * Runs a command with an engine of its own; Ctrl+C and SIGTERM cancel what it does within a second.
 * @throws Interrupted
 */
export async function withEngine<T>(work: (engine: EngineClient) => Promise<T>): Promise<T> {
  const engine = new EngineClient()
  let interrupt = () => {}
  // Without a job nothing else would end what the command waits for: an answer, or standard input.
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => {
      if (!engine.interrupt()) reject(new Interrupted())
    }
  })
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await Promise.race([work(engine), interrupted])
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
    engine.close()
  }
}
