import { describe, expect, it } from 'vitest'
import type { PlanStep } from '#protocol/project.ts'
import { batchJobs } from './batchJobs.ts'
import { readSlurmSite } from './readSlurmSite.ts'
import { slurmScripts } from './slurmScripts.ts'

const step = (id: string, stage: PlanStep['stage'], needs: string[], more: Partial<PlanStep> = {}): PlanStep => ({
  id,
  stage,
  needs,
  title: id,
  state: 'missing',
  ...more,
})
const run = (labels: string, seed: number) =>
  step(`${labels}${seed}`, 'training', ['c', labels], { labels, model: 'nb', seed })
const steps = [
  step('c', 'import', []),
  step('kd', 'labels', ['c'], { labels: 'kd' }),
  step('p2c', 'labels', ['c'], { labels: 'p2c' }),
  ...[1, 2, 3].map((seed) => run('kd', seed)),
  run('p2c', 1),
]

describe('batchJobs', () => {
  it('has a job a stage and an array of what needs the same stages, split where it is too long', () => {
    expect(batchJobs(steps, 2)).toEqual([
      { name: 'import', tasks: ['import'], after: [] },
      { name: 'labels-kd', tasks: ['labels/kd'], after: ['import'] },
      { name: 'labels-p2c', tasks: ['labels/p2c'], after: ['import'] },
      { name: 'runs-1', tasks: ['kd/nb/1', 'kd/nb/2'], after: ['import', 'labels-kd'] },
      { name: 'runs-2', tasks: ['kd/nb/3'], after: ['import', 'labels-kd'] },
      { name: 'runs-3', tasks: ['p2c/nb/1'], after: ['import', 'labels-p2c'] },
    ])
  })

  it('leaves out what is done, also as a dependency', () => {
    const later = steps.map((one): PlanStep => ({
      ...one,
      state: ['c', 'kd', 'kd2'].includes(one.id) ? 'done' : 'missing',
    }))
    expect(batchJobs(later, 10)).toEqual([
      { name: 'labels-p2c', tasks: ['labels/p2c'], after: [] },
      { name: 'runs-1', tasks: ['kd/nb/1', 'kd/nb/3'], after: [] },
      { name: 'runs-2', tasks: ['p2c/nb/1'], after: ['labels-p2c'] },
    ])
  })
})

describe('slurmScripts', () => {
  const place = { experiment: 'us', file: "/s/it's.yaml", project: '/s/p', folder: '/s/x' }
  const scripts = (yaml: string) => slurmScripts(batchJobs(steps, 10), readSlurmSite(yaml, 'slurm.yaml'), place)

  it('say what the site wants, a GPU for runs alone, and quote what bash would read', () => {
    const files = scripts('{partition: low, gres: "gpu:1", time: 90, atOnce: 2, extra: [--exclusive], modules: [cuda]}')
    const text = (name: string) => files.find((file) => file.name === name)!.text
    expect(files.map(({ name }) => name)).toEqual([
      '01-import.sbatch',
      '02-labels-kd.sbatch',
      '03-labels-p2c.sbatch',
      '04-runs-1.sbatch',
      '05-runs-2.sbatch',
      'compare.sbatch',
      'submit.sh',
    ])
    for (const line of ['--partition=low', '--time=90', '--gres=gpu:1', '--array=0-2%2', '--exclusive', '--requeue'])
      expect(text('04-runs-1.sbatch')).toContain(`#SBATCH ${line}\n`)
    expect(text('01-import.sbatch')).not.toContain('gpu')
    expect(text('04-runs-1.sbatch')).toContain("experiment=${2:-'/s/it'\\''s.yaml'}")
    expect(text('submit.sh')).toContain(
      'submit runs-1 --dependency=afterok:"${id[import]}":"${id[labels-kd]}" 04-runs-1',
    )
    expect(text('submit.sh')).toContain('submit compare --dependency=afterany:')
  })

  it('refuse a template with an unknown key, in words', () => {
    expect(() => scripts('partion: low')).toThrow(/slurm\.yaml does not describe a cluster: .*partion/)
  })
})
