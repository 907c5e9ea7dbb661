import { mkdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { comparisonPicture } from '#pure/comparison/comparisonPicture.ts'
import { comparisonTable } from '#pure/comparison/comparisonTable.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { findInstallation } from '#engine/files/installation.ts'
import { print, printResult, type OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'

const authors = 4000
const seed = 1

/** `demo`: the main job on the sample corpus, start to finish. What is there from an earlier demo is not repeated. */
export async function demo(options: OutputOptions & { project: string }): Promise<void> {
  const project = resolve(options.project)
  await withEngine(async (engine) => {
    await engine.request('project.create', { directory: project, name: 'Demo' })
    const sample = join(project, 'sample')
    // The generator's last file stands for the whole of its output.
    if (!(await exists(join(sample, 'SYNTHETIC.txt')))) {
      await mkdir(sample, { recursive: true })
      await runJob(engine, () => engine.request('sample.generate', { directory: sample, authors, seed }))
    }
    const file = join(project, 'demo.yaml')
    await writeFileAtomically(
      file,
      await readFile(fileURLToPath(new URL('../../resources/demo.yaml', import.meta.url))),
    )
    let name = ''
    await runJob(engine, async () => {
      const { job, experiment } = await engine.request('experiment.runFile', { file, project })
      name = experiment
      return { job }
    })
    const comparison = await engine.request('experiment.comparison', { name })
    const picture = join(project, 'comparison.svg')
    await writeFileAtomically(picture, comparisonPicture(comparison))
    printResult(options, comparison, () => comparisonTable(comparison))
    if (!options.json) print(`\nPicture: ${picture}\nProject: ${project}\n${openingAdvice(project)}`)
  })
}

function openingAdvice(project: string): string {
  const installation = findInstallation()
  if (!installation) return 'Open it in the window: npm start'
  return installation.electron ? `Open it in the window: isogloss-window ${project}` : ''
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )
