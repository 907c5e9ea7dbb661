import type { SlurmSite } from '#protocol/slurmSite.ts'
import type { BatchJob } from './batchJobs.ts'

/** Where the parts of an experiment lie, absolute, on a folder that all nodes share. */
export interface ClusterPlace {
  experiment: string
  /** The experiment's file. */
  file: string
  project: string
  /** Of the scripts. */
  folder: string
}

export interface ScriptFile {
  name: string
  text: string
}

/** Seconds that a task is told before its time limit: a checkpoint of the largest model, and the end of the program. */
const warningSeconds = 120

/** A word of bash, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** An sbatch script a job, one for the comparison, and `submit.sh`, which submits them with their dependencies. */
export function slurmScripts(jobs: BatchJob[], site: SlurmSite, place: ClusterPlace): ScriptFile[] {
  const files = new Map(jobs.map(({ name }, i) => [name, `${String(i + 1).padStart(2, '0')}-${name}.sbatch`]))
  return [
    ...jobs.map((job) => ({ name: files.get(job.name)!, text: jobScript(job, site, place) })),
    { name: 'compare.sbatch', text: compareScript(site, place) },
    { name: 'submit.sh', text: submitScript(jobs, files) },
  ]
}

function head(name: string, site: SlurmSite, { experiment, folder }: ClusterPlace, more: string[]): string[] {
  const options = [
    `--job-name=${experiment}-${name}`,
    `--output=${folder.replaceAll('%', '%%')}/logs/%x-%A_%a.txt`,
    '--open-mode=append',
    `--cpus-per-task=${site.cpus}`,
    `--mem=${site.memory}`,
    `--time=${site.time}`,
    ...(site.partition === undefined ? [] : [`--partition=${site.partition}`]),
    ...(site.account === undefined ? [] : [`--account=${site.account}`]),
    ...more,
    ...site.extra,
  ]
  const inQuotes = (option: string) => (/[\s]/.test(option) && !option.includes('"') ? `"${option}"` : option)
  return ['#!/bin/bash', ...options.map((option) => `#SBATCH ${inQuotes(option)}`)]
}

const setUp = ({ modules, before }: SlurmSite) => ['set -u', ...modules.map((name) => `module load ${name}`), ...before]

function jobScript(job: BatchJob, site: SlurmSite, place: ClusterPlace): string {
  const isRuns = job.name.startsWith('runs-')
  const array = `--array=0-${job.tasks.length - 1}${site.atOnce === undefined ? '' : `%${site.atOnce}`}`
  return lines([
    ...head(job.name, site, place, [
      array,
      '--requeue',
      `--signal=B:USR1@${warningSeconds}`,
      ...(isRuns && site.gres !== undefined ? [`--gres=${site.gres}`] : []),
    ]),
    ...setUp(site),
    '',
    'tasks=(',
    ...job.tasks.map((task) => `  ${quoted(task)}`),
    ')',
    'task=${tasks[$SLURM_ARRAY_TASK_ID]}',
    '',
    '# In the background, so that bash hears signals. The program keeps a checkpoint within a second of TERM and ends with 130.',
    `${site.isogloss} train ${quoted(place.file)} --project ${quoted(place.project)} --only "$task" &`,
    'program=$!',
    'limit=0 signalled=0',
    "trap 'signalled=1; kill -TERM $program 2>/dev/null' TERM   # scancel, requeue, preemption: Slurm knows what is next",
    "trap 'signalled=1; limit=1; kill -TERM $program 2>/dev/null' USR1   # the time limit is near: go on in a later turn",
    'while :; do',
    '  signalled=0',
    '  wait $program',
    '  code=$?',
    '  [ $signalled = 1 ] || break',
    'done',
    `if [ $limit = 1 ] && [ $code != 0 ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${site.requeues} ]; then`,
    '  scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"',
    'fi',
    'exit $code',
  ])
}

const compareScript = (site: SlurmSite, place: ClusterPlace) =>
  lines([
    ...head('compare', site, place, []),
    ...setUp(site),
    `${site.isogloss} compare --project ${quoted(place.project)} --experiment ${quoted(place.experiment)} > ${quoted(`${place.folder}/comparison.txt`)}`,
  ])

function submitScript(jobs: BatchJob[], files: Map<string, string>): string {
  const variable = (name: string) => `"\${id[${name}]}"`
  const dependency = (how: string, names: string[]) =>
    names.length === 0 ? '' : ` --dependency=${how}:${names.map(variable).join(':')}`
  return lines([
    '#!/bin/bash',
    '# Submits every job with its dependencies; where that is broken off, what was submitted is cancelled.',
    'set -euo pipefail',
    'cd "$(dirname "$0")"',
    'mkdir -p logs',
    'declare -A id',
    'submitted=()',
    'trap \'[ $? = 0 ] || [ ${#submitted[@]} = 0 ] || scancel "${submitted[@]}"\' EXIT',
    "trap 'exit 130' INT TERM HUP",
    'submit() { # NAME OPTIONS... SCRIPT',
    '  local name=$1 answer; shift',
    '  answer=$(sbatch --parsable --kill-on-invalid-dep=yes "$@")',
    '  id[$name]=${answer%%;*}',
    '  submitted+=("${id[$name]}")',
    '  echo "${id[$name]} $name" | tee -a jobs.txt',
    '}',
    ': > jobs.txt',
    ...jobs.map(({ name, after }) => `submit ${name}${dependency('afterok', after)} ${files.get(name)!}`),
    `submit compare${dependency(
      'afterany',
      jobs.map(({ name }) => name),
    )} compare.sbatch`,
  ])
}

const lines = (all: string[]) => `${all.join('\n')}\n`
