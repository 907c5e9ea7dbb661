import { z } from 'zod'
import { corpusSettings, type Experiment, type ExperimentInput } from './experiment.ts'
import { kdTreeSettings } from './labels/kdTree.ts'
import { point2CitySettings } from './labels/point2City.ts'
import type { DoctorReport, MachineProfile } from './machine.ts'
import type {
  ArtefactSummary,
  Comparison,
  ComparisonSlices,
  CorpusSummary,
  DocumentView,
  EpochMetrics,
  Granularity,
  ImportPreview,
  ImportReading,
  LabelMap,
  LabelSetSummary,
  Plan,
  Prediction,
  RejectedRow,
  RunErrors,
  RunSummary,
  UnlockedProject,
  Verification,
  WordNeighbour,
} from './results.ts'

/** Declares a method once: the schema of its parameters is checked at the wire, the result is typed. */
function method<Params extends z.ZodType, Result>(params: Params, _result: () => Result) {
  return { params } as { params: Params; readonly result: Result }
}
function returns<Result>(): () => Result {
  return () => undefined as never
}

const none = z.strictObject({})
const run = z.strictObject({ run: z.string() })
const named = z.strictObject({ name: z.string() })
const experimentFileParams = z.strictObject({
  file: z.string(),
  project: z.string(),
  until: z.enum(['labels', 'embedding', 'training', 'evaluation']).optional(),
})

/** What a sweep of label sizes goes through; left out, what suits the corpus. */
const sweepParams = z.strictObject({
  buckets: z.array(kdTreeSettings.shape.bucket.unwrap()).max(50).optional(),
  radiiKm: z.array(point2CitySettings.shape.radiusKm.unwrap()).max(50).optional(),
})

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
  'project.create': method(z.strictObject({ directory: z.string(), name: z.string().optional() }), returns<ProjectView>()),
  'project.open': method(z.strictObject({ directory: z.string() }), returns<ProjectView>()),
  /** Removes a project's lock where its holder is dead or was silent for minutes, or any lock by force. */
  'project.unlock': method(z.strictObject({ directory: z.string(), force: z.boolean() }), returns<UnlockedProject>()),
  'project.view': method(none, returns<ProjectView>()),
  /** The experiment that ran last. */
  'project.lastExperiment': method(none, returns<{ name: string | null }>()),
  /** Reads every file of every artefact and holds it against its manifest; the result comes by project.verification. */
  'project.verify': method(none, returns<{ job: string }>()),
  /** What the last verification of the open project found, or null before one. */
  'project.verification': method(none, returns<Verification | null>()),
  'project.close': method(none, returns<null>()),
  'corpus.preview': method(
    corpusSettings
      .pick({ format: true, encoding: true, delimiter: true, quote: true, header: true, sheet: true, columns: true, missing: true, answerSeparator: true, crs: true, codes: true, sites: true, keepPersonal: true, filter: true })
      .extend({ files: z.array(z.string()).min(1) }),
    returns<ImportPreview>(),
  ),
  'corpus.import': method(z.strictObject({ corpus: corpusSettings }), returns<{ job: string }>()),
  /** What each file of a corpus was taken for; none of a corpus that was imported before that was kept. */
  'corpus.reading': method(z.strictObject({ corpus: z.string() }), returns<ImportReading[]>()),
  /** The first rejected rows of a corpus, in the order of its files. */
  'corpus.rejected': method(z.strictObject({ corpus: z.string() }), returns<RejectedRow[]>()),
  'experiment.read': method(named, returns<{ yaml: string; experiment: Experiment }>()),
  /** Checks and saves an experiment under experiments/NAME.yaml; relative corpus paths are relative to that file. */
  'experiment.save': method(z.strictObject({ yaml: z.string() }), returns<{ name: string; experiment: Experiment }>()),
  /** Fills in every default of an experiment that is being set up; nothing is written. */
  'experiment.complete': method(z.strictObject({ input: z.custom<ExperimentInput>() }), returns<{ yaml: string; experiment: Experiment }>()),
  'experiment.plan': method(named, returns<Plan>()),
  'experiment.run': method(named, returns<{ job: string }>()),
  /** Takes an experiment file into the project and runs its stages, up to `until` where it is given. */
  'experiment.runFile': method(experimentFileParams, returns<{ job: string; experiment: string }>()),
  'experiment.planFile': method(experimentFileParams, returns<Plan>()),
  'experiment.labelSets': method(named, returns<LabelSetSummary[]>()),
  /** Label sets of several k-d buckets and Point2City radii in figures, in one pass; the table comes by sweepResult. */
  'experiment.sweep': method(sweepParams.extend({ name: z.string() }), returns<{ job: string }>()),
  /** Takes an experiment file into the project and sweeps over its corpus. */
  'experiment.sweepFile': method(
    sweepParams.extend({ file: z.string(), project: z.string() }),
    returns<{ job: string; experiment: string }>(),
  ),
  'experiment.sweepResult': method(named, returns<Granularity[]>()),
  'experiment.runs': method(named, returns<RunSummary[]>()),
  'experiment.comparison': method(named, returns<Comparison>()),
  /** The results of an experiment's finished runs by the values of a further column of its corpus. */
  'experiment.slices': method(z.strictObject({ name: z.string(), column: z.string() }), returns<ComparisonSlices>()),
  /** The territories of a label scheme as GeoJSON (RFC 7946). */
  'labels.geoJson': method(z.strictObject({ experiment: z.string(), labels: z.string() }), returns<{ geoJson: string; leftOut: string[] }>()),
  /** Writes an experiment's word vectors in word2vec's text or binary format; a file that is there is refused. */
  'embedding.export': method(
    z.strictObject({ experiment: z.string(), file: z.string(), binary: z.boolean() }),
    returns<{ file: string; words: number; joinedWords: number; dimensions: number }>(),
  ),
  /** The words whose vectors have the greatest cosine with a word's, nearest first. */
  'embedding.neighbours': method(
    z.strictObject({ experiment: z.string(), word: z.string(), count: z.number().int().min(1).max(1000) }),
    returns<WordNeighbour[]>(),
  ),
  /** Writes the synthetic sample corpus (train, dev, test) into a folder. */
  'sample.generate': method(
    z.strictObject({ directory: z.string(), authors: z.number().int().min(10), seed: z.number().int().min(0) }),
    returns<{ job: string }>(),
  ),
  'job.cancel': method(z.strictObject({ job: z.string() }), returns<null>()),
  'labels.map': method(z.strictObject({ experiment: z.string(), labels: z.string() }), returns<LabelMap>()),
  'run.metrics': method(run, returns<EpochMetrics[]>()),
  'run.errors': method(run, returns<RunErrors>()),
  'run.document': method(z.strictObject({ run: z.string(), row: z.number().int() }), returns<DocumentView>()),
  'run.predict': method(z.strictObject({ run: z.string(), text: z.string() }), returns<Prediction>()),
  'artefact.delete': method(z.strictObject({ kind: z.string(), id: z.string() }), returns<ProjectView>()),
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
