import { describe, expect, it } from 'vitest'
import { doctor, problemsOf } from './doctor.ts'

describe('doctor', () => {
  it('finds native TensorFlow, DuckDB and the gazetteer here', async () => {
    const report = await doctor()
    expect(report.device.native).toBe(true)
    expect(report.duckdb).toMatch(/^v1\./)
    expect(report.gazetteer?.cities).toBeGreaterThan(150_000)
    expect(report.isogloss).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('names what is missing and what to do', () => {
    const device = {
      backend: 'wasm',
      native: false,
      tensorflowVersion: null,
      gpu: null,
      reasons: [],
      threads: 1,
    } as const
    const problems = problemsOf({
      device: { ...device, reasons: ['It is not installed. Run npm run setup.'] },
      memoryMiB: 2000,
      freeDiskMiB: 10,
      electron: null,
    })
    expect(problems.map(({ what }) => what)).toEqual([
      expect.stringContaining('WebAssembly backend'),
      expect.stringContaining('2000 MiB of memory'),
      expect.stringContaining('10 MiB free'),
      expect.stringContaining('no Electron'),
    ])
    expect(problems.every(({ toDo }) => toDo.length > 0)).toBe(true)
    const healthy = {
      device: { ...device, backend: 'tensorflow', native: true, reasons: [] },
      memoryMiB: 8000,
      freeDiskMiB: 9000,
      electron: '39',
    } as const
    expect(problemsOf({ ...healthy, device: { ...healthy.device, reasons: [] } })).toEqual([])
  })
})
