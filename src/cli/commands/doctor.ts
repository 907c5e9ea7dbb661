import type { DoctorReport } from '#protocol/machine.ts'
import { printResult, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'

/** `doctor`: what this machine offers. Fails where native TensorFlow does not run. */
export async function doctor(options: OutputOptions): Promise<void> {
  const report = await withEngine((engine) => engine.request('doctor', {}))
  printResult(options, report, () => doctorText(report))
  if (!report.device.native) process.exitCode = 1
}

const policyLines = ({ file, owner, settings }: NonNullable<DoctorReport['policy']>) => [
  `Set by ${owner} for everybody on this machine, in ${file}:`,
  ...settings.map(({ name, value }) => `  ${name}: ${value}`),
]

export function doctorText(report: DoctorReport): string {
  const { device } = report
  const compute = device.native
    ? `native TensorFlow ${device.tensorflowVersion} on ${device.gpu ? `${device.gpu.name}${device.gpu.memoryMiB ? `, ${device.gpu.memoryMiB} MiB` : ''}` : 'the processor'}, ${device.threads} threads`
    : `TensorFlow.js ${device.backend} backend: training works and is slow`
  return [
    `Isogloss ${report.isogloss}, Node ${report.node}, ${report.platform}`,
    `Machine: ${report.cores} cores, ${report.memoryMiB} MiB of memory (${report.freeMemoryMiB} free), ${report.freeDiskMiB} MiB of disk free`,
    `Compute: ${compute}`,
    ...(device.native ? device.reasons : []).map((reason) => `  ${reason}`),
    `Tables: ${report.duckdb ? `DuckDB ${report.duckdb}` : 'DuckDB does not load'}`,
    `Gazetteer: ${report.gazetteer ? `${report.gazetteer.cities} GeoNames places (CC BY 4.0)` : 'missing'}`,
    `Window: ${report.electron ? `Electron ${report.electron}` : 'no Electron'}${report.display ? '' : ', no display'}`,
    `Cache: ${report.cacheDirectory}`,
    ...(report.policy ? policyLines(report.policy) : []),
    ...(report.problems.length
      ? report.problems.map(({ what, toDo }) => `Problem: ${what} ${toDo}`.trimEnd())
      : ['No problems found.']),
  ].join('\n')
}
