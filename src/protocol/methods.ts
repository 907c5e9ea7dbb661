import { z } from 'zod'
import { corpusSettings, filesOfCorpus, settingName, type Experiment, type ExperimentInput } from './experiment.ts'
import { degreeBox } from './degreeBox.ts'
import { kdTreeSettings } from './labels/kdTree.ts'
import { point2CitySettings } from './labels/point2City.ts'
import type { DoctorReport, MachineProfile } from './machine.ts'
import type { ClusterWork } from './cluster.ts'
import type { Comparison, AreaDifferences, ComparisonSlices, ExperimentsComparison } from './comparison.ts'
import type { ColumnValues, CorpusSummary, ImportPreview, ImportReading, RejectedRow } from './corpus.ts'
import type { Boundaries } from './boundaries.ts'
import { variable, variableName, type Variables } from './variables.ts'
import { filesOfQuestion, question, type Answer } from './explorer.ts'
import type { Granularity, LabelMap, LabelSetSummary, SizedLabels } from './labelSets.ts'
import type { TextRow, TextSource } from './texts.ts'
import type { ArtefactSummary, Plan, UnlockedProject, Verification } from './project.ts'
import type {
  DocumentView,
  EpochMetrics,
  Prediction,
  Replay,
  RunAttention,
  RunErrors,
  RunSummary,
  WordNeighbour,
} from './runs.ts'

/** Whose place names are wanted. */
const placesOfNames = z.union([
  z.strictObject({ country: z.string().regex(/^[A-Z]{2}$/, 'expected two letters (ISO 3166)') }),
  z.strictObject({ box: degreeBox }),
])
export type PlacesOfNames = z.output<typeof placesOfNames>

/**
 * Declares a method once: the schema of its parameters is checked at the wire, the result is typed.
 * @param paths those of the parameters that name files and folders; a page may name only what the person granted
 */
function method<Params extends z.ZodType, Result>(
  params: Params,
  _result: () => Result,
  paths: (params: z.output<Params>) => string[] = () => [],
) {
  return { params, paths } as { params: Params; paths: (params: z.output<Params>) => string[]; readonly result: Result }
}
function returns<Result>(): () => Result {
  return () => undefined as never
}

/** Names folders of a project: nothing that could be a path to elsewhere. */
const artefactId = z.string().regex(/^[0-9a-f]{16}$/, 'expected an id of 16 hexadecimal digits')
const artefactKind: z.ZodType<ArtefactSummary['kind']> = z.enum([
  'corpus',
  'vocabulary',
  'tokens',
  'labels',
  'embedding',
  'run',
])
const jobId = z.string().regex(/^job-\d{1,10}-\d{1,10}$/, 'expected the id of a job')

const none = z.strictObject({})
const run = z.strictObject({ run: artefactId })
const named = z.strictObject({ name: settingName })
/** `folder`: of scripts that lie elsewhere than in the project. */
const submission = z.strictObject({ name: settingName, folder: z.string().optional() })
const folderOfScripts = ({ folder }: z.output<typeof submission>) => (folder === undefined ? [] : [folder])
const experimentFileParams = z.strictObject({
  file: z.string(),
  project: z.string(),
  until: z.enum(['labels', 'embedding', 'training', 'evaluation']).optional(),
  /** Runs by condition, `kd/mtl`, or by condition and seed, `kd/mtl/2`; left out, all. */
  only: z.array(z.string()).min(1).optional(),
})
const fileAndProject = ({ file, project }: { file: string; project: string }) => [file, project]
const folderOf = ({ directory }: { directory: string }) => [directory]

/** What a sweep of label sizes goes through; left out, what suits the corpus. */
const sweepParams = z.strictObject({
  buckets: z.array(kdTreeSettings.shape.bucket.unwrap()).max(50).optional(),
  radiiKm: z.array(point2CitySettings.shape.radiusKm.unwrap()).max(50).optional(),
})

const labelSize = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('kd-tree'), bucket: kdTreeSettings.shape.bucket.unwrap() }),
  z.strictObject({ method: z.literal('point2city'), radiusKm: point2CitySettings.shape.radiusKm.unwrap() }),
])

export interface ProjectView {
  directory: string
  name: string
  formatVersion: number
  corpora: CorpusSummary[]
  experiments: string[]
  artefacts: ArtefactSummary[]
  runs: RunSummary[]
  /** The experiment of a job that was interrupted; a start resumes it. */
  unfinished: string | null
}

/**
 * Everything that can be asked of the engine: name -> [parameters, result]. This table is the only way in.
 * Long work answers at once with a job id; its progress, result and failure come as events.
 */
export const methods = {
  'project.create': method(
    z.strictObject({ directory: z.string(), name: z.string().optional() }),
    returns<ProjectView>(),
    folderOf,
  ),
  'project.open': method(z.strictObject({ directory: z.string() }), returns<ProjectView>(), folderOf),
  /** Removes a project's lock where its holder is dead or was silent for minutes, or any lock by force. */
  'project.unlock': method(
    z.strictObject({ directory: z.string(), force: z.boolean() }),
    returns<UnlockedProject>(),
    folderOf,
  ),
  'project.view': method(none, returns<ProjectView>()),
  /** The experiment that ran last. */
  'project.lastExperiment': method(none, returns<{ name: string | null }>()),
  /** Reads every file of every artefact and holds it against its manifest; the result comes by project.verification. */
  'project.verify': method(none, returns<{ job: string }>()),
  /** What the last verification of the open project found, or null before one. */
  'project.verification': method(none, returns<Verification | null>()),
  /**
   * Writes the project, or one run with what it was made from, into one file: without anything that gives texts back, and with
   * coordinates of documents rounded, where that is wanted.
   */
  'project.pack': method(
    z.strictObject({
      out: z.string(),
      withoutText: z.boolean().default(false),
      roundedKm: z.number().min(0.1).max(1000).nullable().default(null),
      run: artefactId.optional(),
    }),
    returns<{ job: string }>(),
    ({ out }) => [out],
  ),
  /** Checks a pack and opens it into a new folder. */
  'project.unpack': method(
    z.strictObject({ file: z.string(), directory: z.string() }),
    returns<{ job: string }>(),
    ({ file, directory }) => [file, directory],
  ),
  'project.close': method(none, returns<null>()),
  'corpus.preview': method(
    corpusSettings
      .pick({
        format: true,
        encoding: true,
        delimiter: true,
        quote: true,
        header: true,
        sheet: true,
        columns: true,
        missing: true,
        answerSeparator: true,
        crs: true,
        codes: true,
        sites: true,
        keepPersonal: true,
        filter: true,
      })
      .extend({ files: z.array(z.string()).min(1) }),
    returns<ImportPreview>(),
    ({ files, ...settings }) => filesOfCorpus({ ...settings, train: files }),
  ),
  'corpus.import': method(z.strictObject({ corpus: corpusSettings }), returns<{ job: string }>(), ({ corpus }) =>
    filesOfCorpus(corpus),
  ),
  /** What each file of a corpus was taken for; none of a corpus that was imported before that was kept. */
  'corpus.reading': method(z.strictObject({ corpus: artefactId }), returns<ImportReading[]>()),
  /** The first rejected rows of a corpus, in the order of its files. */
  'corpus.rejected': method(z.strictObject({ corpus: artefactId }), returns<RejectedRow[]>()),
  /** What is in a further column of a corpus. */
  'corpus.column': method(z.strictObject({ corpus: artefactId, column: z.string() }), returns<ColumnValues>()),
  'experiment.read': method(named, returns<{ yaml: string; experiment: Experiment }>()),
  /** Checks and saves an experiment under experiments/NAME.yaml; relative corpus paths are relative to that file. */
  'experiment.save': method(z.strictObject({ yaml: z.string() }), returns<{ name: string; experiment: Experiment }>()),
  /** Fills in every default of an experiment that is being set up; nothing is written. */
  'experiment.complete': method(
    z.strictObject({ input: z.custom<ExperimentInput>() }),
    returns<{ yaml: string; experiment: Experiment }>(),
  ),
  'experiment.plan': method(named, returns<Plan>()),
  'experiment.run': method(named, returns<{ job: string }>()),
  /** Takes an experiment file into the project and runs its stages, up to `until` where it is given. */
  'experiment.runFile': method(experimentFileParams, returns<{ job: string; experiment: string }>(), fileAndProject),
  /** Adds guesses of a system outside to an experiment as a model of its own, and makes its run. */
  'experiment.importPredictions': method(
    z.strictObject({ name: settingName, model: settingName, file: z.string() }),
    returns<{ job: string }>(),
    ({ file }) => [file],
  ),
  'experiment.planFile': method(experimentFileParams, returns<Plan>(), fileAndProject),
  'experiment.labelSets': method(named, returns<LabelSetSummary[]>()),
  /** Label sets of several k-d buckets and Point2City radii in figures, in one pass; the table comes by sweepResult. */
  'experiment.sweep': method(sweepParams.extend({ name: settingName }), returns<{ job: string }>()),
  /** Takes an experiment file into the project and sweeps over its corpus. */
  'experiment.sweepFile': method(
    sweepParams.extend({ file: z.string(), project: z.string() }),
    returns<{ job: string; experiment: string }>(),
    fileAndProject,
  ),
  'experiment.sweepResult': method(named, returns<Granularity[]>()),
  'experiment.runs': method(named, returns<RunSummary[]>()),
  'experiment.comparison': method(named, returns<Comparison>()),
  /** Of the first experiment and others on the same test documents. */
  'experiment.across': method(
    z.strictObject({ names: z.array(settingName).min(2).max(50) }),
    returns<ExperimentsComparison>(),
  ),
  /** The results of an experiment's finished runs by the values of a further column of its corpus. */
  'experiment.areaDifferences': method(z.strictObject({ name: settingName }), returns<AreaDifferences>()),
  'experiment.slices': method(z.strictObject({ name: settingName, column: z.string() }), returns<ComparisonSlices>()),
  /** The territories of a label scheme as GeoJSON (RFC 7946). */
  'labels.geoJson': method(
    z.strictObject({ experiment: settingName, labels: settingName }),
    returns<{ geoJson: string; leftOut: string[] }>(),
  ),
  /** Asks about the words of a corpus; the answer is fetched once the job has ended. */
  'explorer.ask': method(z.strictObject({ question }), returns<{ job: string }>(), ({ question }) =>
    filesOfQuestion(question),
  ),
  'explorer.answer': method(z.strictObject({ job: jobId }), returns<Answer>()),
  /** The variables that were saved in the project: variables.yaml. */
  'variables.read': method(z.strictObject({}), returns<Variables>()),
  /** Writes one variable into variables.yaml, or takes it away where it is null; what is not changed stays, comments too. */
  'variables.save': method(z.strictObject({ name: variableName, variable: variable.nullable() }), returns<Variables>()),
  /** Areas and lines of one's own: GeoJSON, KML, KMZ or a Shapefile. */
  'explorer.boundaries': method(z.strictObject({ file: z.string() }), returns<Boundaries>(), ({ file }) => [file]),
  /**
   * Writes a figure, or the data in it, to a file that was chosen in a dialogue: SVG as .svg or, at 300 dots an inch, as .png; a
   * table as .csv or .tex, shapes as .geojson. A file that is there is replaced.
   */
  'figure.save': method(
    z.strictObject({ file: z.string(), content: z.string() }),
    returns<{ file: string }>(),
    ({ file }) => [file],
  ),
  /** Writes an experiment's word vectors in word2vec's text or binary format; a file that is there is refused. */
  'embedding.export': method(
    z.strictObject({
      experiment: settingName,
      preprocess: settingName.optional(),
      file: z.string(),
      binary: z.boolean(),
    }),
    returns<{ file: string; words: number; joinedWords: number; dimensions: number }>(),
    ({ file }) => [file],
  ),
  /** The words whose vectors have the greatest cosine with a word's, nearest first. */
  'embedding.neighbours': method(
    z.strictObject({
      experiment: settingName,
      preprocess: settingName.optional(),
      word: z.string(),
      count: z.number().int().min(1).max(1000),
    }),
    returns<WordNeighbour[]>(),
  ),
  /** Writes the synthetic sample corpus (train, dev, test) into a folder. */
  'sample.generate': method(
    z.strictObject({ directory: z.string(), authors: z.number().int().min(10), seed: z.number().int().min(0) }),
    returns<{ job: string }>(),
    folderOf,
  ),
  /** Countries whose place names come with the program, those with most first. */
  'sample.countries': method(none, returns<{ country: string; places: number }[]>()),
  /** Writes the place names of a country or a rectangle (GeoNames) to a file that can be imported. */
  'sample.placeNames': method(
    z.strictObject({ file: z.string(), of: placesOfNames }),
    returns<{ file: string; places: number }>(),
    ({ file }) => [file],
  ),
  /** How far the steps of an experiment are that were given to Slurm; null where none were. */
  'cluster.work': method(submission, returns<ClusterWork | null>(), folderOfScripts),
  /** The same, and from now on an event `cluster.changed` at every change, until another is watched or the project is left. */
  'cluster.watch': method(submission, returns<ClusterWork | null>(), folderOfScripts),
  /**
   * Writes the pack of a project for a cluster that does not see its folder: with the experiment, and all that its missing steps
   * need. What is at the place of the pack is replaced.
   */
  'cluster.pack': method(
    experimentFileParams.omit({ until: true }).extend({ out: z.string() }),
    returns<{ job: string }>(),
    ({ file, project, out }) => [file, project, out],
  ),
  /** Cancels all jobs of an experiment; what is finished and checkpoints stay. The ids of the jobs that Slurm was told of. */
  'cluster.cancel': method(submission, returns<{ jobs: string[] }>(), folderOfScripts),
  'job.cancel': method(z.strictObject({ job: jobId }), returns<null>()),
  'labels.map': method(z.strictObject({ experiment: settingName, labels: settingName }), returns<LabelMap>()),
  /** Labels of one size of a sweep, with their territories; fetched once the job has ended. Nothing is written. */
  'labels.fit': method(z.strictObject({ experiment: settingName, size: labelSize }), returns<{ job: string }>()),
  'labels.fitted': method(z.strictObject({ job: jobId }), returns<SizedLabels>()),
  /** What a network attends to in the test documents of its run; fetched once the job has ended. */
  'run.attend': method(run, returns<{ job: string }>()),
  'run.attention': method(z.strictObject({ job: jobId }), returns<RunAttention>()),
  'run.metrics': method(run, returns<EpochMetrics[]>()),
  'run.errors': method(run, returns<RunErrors>()),
  'run.document': method(run.extend({ row: z.number().int().min(0) }), returns<DocumentView>()),
  /** Makes a finished run again beside the project; the verdict is fetched once the job has ended. */
  'run.replay': method(run, returns<{ job: string }>()),
  'run.replayed': method(z.strictObject({ job: jobId }), returns<Replay>()),
  /** Opens a file of texts: any form that a corpus may have, or, with `plain` and by default for .txt, a text a line. */
  'texts.open': method(
    z.strictObject({ file: z.string(), text: z.string().optional(), plain: z.boolean().optional() }),
    returns<TextSource>(),
    ({ file }) => [file],
  ),
  /** The next rows of such a file; none at the end. */
  'texts.next': method(
    z.strictObject({ source: z.string(), most: z.number().int().min(1).max(10_000).default(500) }),
    returns<{ rows: TextRow[] }>(),
  ),
  'texts.close': method(z.strictObject({ source: z.string() }), returns<null>()),
  /**
   * Where a text is from, with regions of some levels where the run was calibrated. Without `explain`, as for many texts, what the
   * model attends to and each word's effect are not computed.
   */
  'run.predict': method(
    run.extend({
      text: z.string(),
      explain: z.boolean().default(true),
      levels: z.array(z.number().min(0.01).max(0.999)).min(1).max(20).default([0.5, 0.9]),
      /** A threshold of its own for each label, so that regions hold their level within each label too. */
      perLabel: z.boolean().default(false),
    }),
    returns<Prediction>(),
  ),
  /** Writes a run's model into a new folder, in a form that other programs read, with one that predicts by it. */
  'run.export': method(
    run.extend({ form: z.enum(['tfjs', 'safetensors']), directory: z.string() }),
    returns<{ directory: string; form: 'tfjs' | 'safetensors'; files: string[] }>(),
    folderOf,
  ),
  /** Moves an artefact to the project's trash, from which `artefact.restore` brings it back until the project is closed. */
  'artefact.delete': method(z.strictObject({ kind: artefactKind, id: artefactId }), returns<ProjectView>()),
  'artefact.restore': method(z.strictObject({ kind: artefactKind, id: artefactId }), returns<ProjectView>()),
  /** Measures the machine's speed, in about a minute; estimates of plans are made from it afterwards. */
  'machine.measure': method(none, returns<{ job: string }>()),
  /** What was measured, or null where nothing was with this version and device. */
  'machine.profile': method(none, returns<MachineProfile | null>()),
  doctor: method(none, returns<DoctorReport>()),
}

export type Methods = typeof methods
export type MethodName = keyof Methods
export type Params<Name extends MethodName> = z.input<Methods[Name]['params']>
export type Result<Name extends MethodName> = Methods[Name]['result']
