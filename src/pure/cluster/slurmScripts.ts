import type { SlurmSite } from '#protocol/slurmSite.ts'
import type { BatchJob } from './batchJobs.ts'
import { shellWord } from './shellWord.ts'

/** A project as one file, beside the scripts, for a cluster that does not see the project's folder. */
export const packName = 'project.zip'

/** Where the parts of an experiment lie, absolute, when the scripts are written. */
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

/** An sbatch script a job, one for the comparison, and `submit.sh`, which submits them with their dependencies. */
export function slurmScripts(jobs: BatchJob[], site: SlurmSite, place: ClusterPlace): ScriptFile[] {
  const files = new Map(jobs.map(({ name }, i) => [name, `${String(i + 1).padStart(2, '0')}-${name}.sbatch`]))
  return [
    ...jobs.map((job) => ({ name: files.get(job.name)!, text: jobScript(job, site, place) })),
    { name: 'compare.sbatch', text: compareScript(site, place) },
    { name: 'submit.sh', text: submitScript(jobs, files, site, place) },
  ]
}

function head(name: string, site: SlurmSite, { experiment }: ClusterPlace, more: string[]): string[] {
  const options = [
    `--job-name=${experiment}-${name}`,
    // Below the folder that sbatch is called in: these scripts', wherever they were carried to.
    '--output=logs/%x-%A_%a.txt',
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

/** What submit.sh names; by itself a script works where it was written. */
const places = ({ project, file, folder }: ClusterPlace) =>
  `project=\${1:-${shellWord(project)}} experiment=\${2:-${shellWord(file)}} folder=\${3:-${shellWord(folder)}}`

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
    places(place),
    ...setUp(site),
    '',
    'tasks=(',
    ...job.tasks.map((task) => `  ${shellWord(task)}`),
    ')',
    'task=${tasks[$SLURM_ARRAY_TASK_ID]}',
    '',
    '# In the background, so that bash hears signals. The program keeps a checkpoint within a second of TERM and ends with 130.',
    `${site.isogloss} train "$experiment" --project "$project" --only "$task" &`,
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
    places(place),
    ...setUp(site),
    `${site.isogloss} compare --project "$project" --experiment ${shellWord(place.experiment)} > "$folder/comparison.txt"`,
  ])

function submitScript(
  jobs: BatchJob[],
  files: Map<string, string>,
  site: SlurmSite,
  { project, file, experiment }: ClusterPlace,
): string {
  const variable = (name: string) => `"\${id[${name}]}"`
  const dependency = (how: string, names: string[]) =>
    names.length === 0 ? '' : ` --dependency=${how}:${names.map(variable).join(':')}`
  return lines([
    '#!/bin/bash',
    '# Submits every job with its dependencies; where that is broken off, what was submitted is cancelled.',
    '#   submit.sh            for the project where it lay when this was written; where that is not there, for the one that is',
    `#                        unpacked from ${packName} into the folder "project" beside this`,
    '#   submit.sh PROJECT    for a project elsewhere, unpacked there where there is none',
    '# Nodes must see this folder and the project under the same names.',
    'set -euo pipefail',
    `written=${shellWord(project)} experiment=${shellWord(file)}`,
    'project=${1:+$(realpath -m -- "$1")}',
    'cd "$(dirname "$0")"',
    'fail() { echo "submit.sh: $*" >&2; exit 1; }',
    'command -v sbatch > /dev/null || fail "there is no sbatch on this machine. Carry this folder to a submit host of the cluster, and call it there."',
    '',
    'if [ -z "$project" ]; then',
    `  if [ -e "$written/project.json" ] || [ ! -e ${packName} ]; then project=$written; else project=$PWD/project; fi`,
    'fi',
    'if [ ! -e "$project/project.json" ]; then',
    `  [ -e ${packName} ] || [ "$project" = "$written" ] || fail "there is no project in $project, and no ${packName} beside this script."`,
    `  if [ -e ${packName} ]; then`,
    `    echo "${packName} is unpacked into $project"`,
    `    ( ${[...setUp(site).slice(1), `${site.isogloss} unpack ${packName} --project "$project"`].join('; ')} )`,
    '  fi',
    'fi',
    '# The experiment as it came along with the project, where its file is not here.',
    `[ "$project" = "$written" ] && [ -e "$experiment" ] || experiment=$project/experiments/${shellWord(experiment)}.yaml`,
    '[ -e "$experiment" ] || fail "there is no experiment $experiment. Is this machine another one than the scripts were written on? Name the project: submit.sh PROJECT"',
    '',
    'exec 9> .submitting',
    'flock --nonblock 9 || fail "these jobs are being submitted just now."',
    'mkdir -p logs',
    'declare -A id',
    'submitted=()',
    'trap \'[ $? = 0 ] || [ ${#submitted[@]} = 0 ] || scancel "${submitted[@]}"\' EXIT',
    "trap 'exit 130' INT TERM HUP",
    'submit() { # NAME OPTIONS... SCRIPT',
    '  local name=$1 answer; shift',
    '  answer=$(sbatch --parsable --kill-on-invalid-dep=yes "$@" "$project" "$experiment" "$PWD")',
    '  id[$name]=${answer%%;*}',
    '  submitted+=("${id[$name]}")',
    '  echo "${id[$name]} $name" | tee -a jobs.txt',
    '}',
    '',
    "# A link to this folder, by which the window and --attach find the jobs from the project; of a step's jobs the last ones count.",
    `record=$project/slurm/${shellWord(experiment)}`,
    'mkdir -p "$record"',
    'known=0 last=0',
    'for place in "$record"/*; do',
    '  [ "$place" -ef . ] && known=1',
    '  number=${place##*/}',
    '  [[ $number =~ ^[0-9]+$ ]] && [ "$number" -gt "$last" ] && last=$number',
    'done',
    '[ $known = 1 ] || until ln -sT "$PWD" "$record/$((++last))" 2> /dev/null || [ "$last" -gt 9999 ]; do :; done',
    '',
    ...jobs.map(({ name, after }) => `submit ${name}${dependency('afterok', after)} ${files.get(name)!}`),
    `submit compare${dependency(
      'afterany',
      jobs.map(({ name }) => name),
    )} compare.sbatch`,
  ])
}

const lines = (all: string[]) => `${all.join('\n')}\n`
