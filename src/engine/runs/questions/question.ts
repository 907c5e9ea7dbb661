import type { Answers, QuestionKind, QuestionOf } from '#protocol/explorer.ts'
import type { Variable } from '#protocol/variables.ts'
import type { StageContext } from '#engine/context.ts'
import type { CountingAreas } from '#engine/explorer/areas/countingAreas.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import type { CorpusTokens } from '#engine/explorer/tokens/corpusTokens.ts'
import type { Points } from '#engine/geo/points.ts'
import type { ArtefactStore } from '../artefactStore.ts'
import type { Predictor } from '../predictText.ts'

/** What a question is asked of. */
export interface AskedCorpus {
  corpus: Corpus
  tokens: CorpusTokens
  /** Null where the kind of question names none. */
  areas: AskedAreas | null
  project: AskedProject
  /** The variable that is asked for in the variants' stead; its variants are named in the question. */
  variable: Variable | null
  /** The same of a question that holds several ones, in their order; null of any other. */
  variables: (Variable | null)[] | null
}

/** The project that a question is asked of. */
export interface AskedProject {
  directory: string
  store: ArtefactStore
  /** A label set by its name in an experiment's matrix, by default of the one that ran last. */
  labelSet(labels: string, experiment?: string): Promise<{ id: string; directory: string }>
  /** @throws EngineError 'artefact/missing', 'run/cannot-predict' */
  predictor(run: string): Promise<Predictor>
}

/** Areas that a question names, to count in or to cut to: territories of labels, hexagons, a file. */
export interface AskedAreas {
  /** Tells them from all others: a kept answer is of the same areas. */
  id: unknown
  /** @param places where the corpus is */
  areasOf(places: Points): Promise<CountingAreas>
  /** What a file was taken for. */
  reading?: string
}

/** How one kind of question is answered. */
export interface QuestionMethod<Kind extends QuestionKind> {
  /** Raised when answers change: a kept one is never that of another method. */
  version: number
  /** Of a question that names areas. */
  areas?(question: QuestionOf<Kind>, project: AskedProject): Promise<AskedAreas | null>
  answer(question: QuestionOf<Kind>, asked: AskedCorpus, context: StageContext): Promise<Answers[Kind]>
}
