import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * A folder with the window's program whose engine, beside its work, tells the page of progress `perSecond` times a second: always
 * of the job that it started last. Where the engine computes and cannot send, what was missed follows at once.
 */
export async function floodedProgram(root: string, folder: string, perSecond: number): Promise<void> {
  await mkdir(join(folder, 'out', 'node'), { recursive: true })
  for (const name of ['package.json', 'resources', 'node_modules', 'out/main', 'out/preload', 'out/renderer'])
    await symlink(join(root, name), join(folder, name))
  const engine = pathToFileURL(join(root, 'out', 'node', 'engineProcess.js')).href
  await writeFile(
    join(folder, 'out', 'node', 'engineProcess.js'),
    // The engine comes first: what its parent says before anybody listens waits, and afterwards does not.
    `await import(${JSON.stringify(engine)})
process.parentPort.on('message', ({ ports: [port] }) => {
  if (!port) return
  const send = port.postMessage.bind(port)
  let job = 'none yet'
  port.postMessage = (message) => {
    if (message.kind === 'response' && typeof message.result?.job === 'string') job = message.result.job
    send(message)
  }
  const started = performance.now()
  let sent = 0
  setInterval(() => {
    for (; sent < ((performance.now() - started) * ${perSecond}) / 1000; sent++)
      send({
        kind: 'event',
        event: 'job.progress',
        payload: {
          job,
          progress: {
            stage: 'vocabulary', title: 'Go through the words', done: sent % 1000, total: 1000, unit: 'documents',
            rate: 1000, rowsRate: null, remainingMs: null, loss: null,
          },
          overall: { done: sent % 1000, total: 1000, remainingMs: null },
        },
      })
  }, 4)
})
`,
  )
}
