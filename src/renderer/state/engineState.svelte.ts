import { EngineError, type ErrorReport } from '#protocol/errors.ts'
import type { DeviceReport, DoctorReport } from '#protocol/machine.ts'
import { enginePortMessage } from '#protocol/shell.ts'
import { bridge } from './bridge.ts'
import { EngineConnection, type EnginePort } from './engineConnection.ts'
import { Resource } from './resource.svelte.ts'

/** The engine as the window sees it: whether it is there, on what it computes, and how much memory it holds. */
export class EngineState {
  readonly connection = new EngineConnection()
  readonly doctor = new Resource<DoctorReport>()
  condition = $state.raw<'starting' | 'ready' | 'restarting' | 'stopped'>('starting')
  residentMiB = $state<number | null>(null)
  #device = $state.raw<DeviceReport | null>(null)

  /** `onready` runs for every engine that comes, `onstopped` for every one that ended unasked. */
  constructor(watch: { ready(): void; stopped(report: ErrorReport, restarting: boolean): void }) {
    window.addEventListener('message', ({ source, data, ports: [port] }) => {
      if (source !== window || data !== enginePortMessage || !port) return
      this.connection.attach(port as EnginePort)
      this.condition = 'ready'
      watch.ready()
    })
    bridge.on('engineStopped', ({ report, restarting }) => {
      this.connection.detach(new EngineError(report.code, report.message, report.data))
      this.condition = restarting ? 'restarting' : 'stopped'
      this.residentMiB = null
      this.#device = null
      watch.stopped(report, restarting)
      if (restarting) void bridge.call('connectEngine', null)
    })
    this.connection.on('engine.status', ({ residentMiB, device }) => {
      this.residentMiB = residentMiB
      this.#device = device
    })
  }

  /** What computes, in one line; null until something was computed or the machine was looked at. */
  get device(): string | null {
    const device = this.#device ?? this.doctor.value?.device
    if (!device) return null
    const { native, backend, gpu, threads, tensorflowVersion } = device
    const cores = `${threads} ${threads === 1 ? 'thread' : 'threads'}`
    if (!native) return `Plain ${backend} backend, slow`
    return `TensorFlow${tensorflowVersion ? ` ${tensorflowVersion}` : ''} on ${gpu ? gpu.name : `CPU, ${cores}`}`
  }

  connect(): Promise<unknown> {
    return bridge.call('connectEngine', null)
  }

  /** Ends the engine at once and takes another; what waits on it is refused. */
  async restart(reason: EngineError): Promise<void> {
    this.connection.detach(reason)
    this.condition = 'restarting'
    await bridge.call('restartEngine', null)
  }

  look(): Promise<void> {
    return this.doctor.refresh(() => this.connection.request('doctor', {}))
  }
}
