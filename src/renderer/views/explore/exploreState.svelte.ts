import type { ColumnValues } from '#protocol/corpus.ts'
import type { Condition, KwicLine, RegionalWord, WordsAnswer } from '#protocol/explorer.ts'
import { placeNamesFile } from '../../state/firstMap.ts'
import { Inquiry } from '../../state/inquiry.svelte.ts'
import { Resource } from '../../state/resource.svelte.ts'
import type { ViewState } from '../../state/viewState.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import type { AtlasProjection } from '#pure/maps/projection.ts'
import {
  edited,
  editsOf,
  newVariable,
  patternsOf,
  variableOf,
  withEdit,
  type HitEdit,
  type NamedVariable,
} from './edits.ts'
import { groundRing } from './drawnShape.ts'
import { DifferenceState } from './differenceState.svelte.ts'
import { conditionText } from '#pure/conditionText.ts'
import { type Groups } from './groups.ts'
import { keepQuestion, keptQuestion } from './keptQuestion.ts'
import { everybody, Slice, type KwicSort } from './slice.svelte.ts'
import { TypicalState, type Selection } from './typicalState.svelte.ts'
import { VariablesState } from './variablesState.svelte.ts'

/** Kinds of words that lists leave out unless they are asked for. */
export const hidden = ['mentions', 'hashtags', 'names'] as const
export type Hidden = (typeof hidden)[number]

export type Units = 'words' | 'endings' | 'beginnings'

/** Long enough to go through several hits. */
const recountMs = 900

/** Words that are listed at first: each is tested by site, which takes its time. */
export const firstListed = 100

/** What the list beside the map has: words that are regional, those of a part of the map, or what the project keeps. */
export const listings = ['regional', 'typical', 'variables'] as const
export type Listing = (typeof listings)[number]

/** What may be seen on the map, one by one. */
export const mapParts = ['points', 'surface', 'line', 'bands'] as const
export type MapPart = (typeof mapParts)[number]

/** The explorer: which words are regional, and where those that a person asks for are used. */
export class ExploreState implements ViewState {
  readonly inquiry: Inquiry
  readonly words = new Resource<WordsAnswer>()
  readonly typical: TypicalState
  readonly variables: VariablesState
  /** Two groups on one map instead of beside each other. */
  readonly difference: DifferenceState
  /** The bundle is on the map, in the place of what is asked. */
  bundled = $state(false)
  listing = $state<Listing>('regional')
  units = $state<Units>('words')
  /** What is written in the field; the last one is empty, for one variant more. */
  fields = $state<string[]>([''])
  /** Only documents that meet all of these. */
  where = $state.raw<Condition[]>([])
  /** Two parts of the corpus beside each other; null for the whole. */
  groups = $state.raw<Groups | null>(null)
  /** Of the kernel of the maps; null for the one that the criterion chooses. */
  bandwidthKm = $state<number | null>(null)
  /** What lists of words have that is hidden otherwise. */
  include = $state.raw<Hidden[]>([])
  sort = $state<KwicSort>('place')
  /** The whole, or two parts of it. */
  slices = $state.raw<Slice[]>([])
  /** Where all informants are: the first map, until a word is asked for. */
  ground = $state.raw<Slice | null>(null)
  /** The part whose hits and sites are listed. */
  listed = $state(0)
  shown = $state<Record<MapPart, boolean>>({ points: true, surface: true, line: true, bands: true })
  /** The plane of the corpus's maps, that of the first: they can be compared. */
  projection = $state.raw<AtlasProjection | null>(null)
  /** Of the first map: where the corpus has sites. */
  places = $state.raw<{ lat: number; lon: number }[] | null>(null)
  /** Hits of what is asked that were left out or recoded by hand, kept with the variable in the project. */
  edits = $state.raw<HitEdit[]>([])
  /** What the edits were before each of the last changes. */
  undone = $state.raw<HitEdit[][]>([])
  /** Hits were edited, and the maps are about to be counted again. */
  recounting = $state(false)
  /** What is asked for, as the project keeps it; null before a hit was edited. */
  #variable: NamedVariable | null = null
  /** The variants that the edits are of, as JSON. */
  #edited = ''
  #turn = 0
  #recount: ReturnType<typeof setTimeout> | undefined
  /** A corpus that a person chose. */
  #chosen = $state<string | null>(null)
  #project: string | null = null
  #place = ''
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
    this.inquiry = new Inquiry(workbench.engine.connection)
    this.typical = new TypicalState(this.inquiry)
    this.variables = new VariablesState(workbench.engine.connection, this.inquiry)
    this.difference = new DifferenceState(this.inquiry, () => ({ of: this, variable: this.#variable?.name }))
  }

  get corpora() {
    return this.#workbench.project.view?.corpora ?? []
  }

  /** The corpus that is asked: the chosen one, else the one that came last. */
  get corpus(): string | null {
    return (this.corpora.find(({ id }) => id === this.#chosen) ?? this.corpora.at(-1))?.id ?? null
  }

  get slice(): Slice | null {
    return this.slices[this.listed] ?? this.slices[0] ?? null
  }

  /** Columns of the corpus beside text, place and author. */
  get columns(): string[] {
    return this.corpora.find(({ id }) => id === this.corpus)?.furtherColumns ?? []
  }

  valuesOf(column: string): Promise<ColumnValues> {
    return this.#workbench.engine.connection.request('corpus.column', { corpus: this.corpus!, column })
  }

  /** Other conditions: everything that is shown is asked again. */
  filter(where: Condition[]): void {
    this.where = where
    this.rank()
    if (this.bundled) this.lay()
    else this.ask()
    this.selectAgain()
  }

  compare(groups: Groups | null): void {
    this.groups = groups
    this.listed = 0
    this.ask()
  }

  setBandwidth(bandwidthKm: number | null): void {
    this.bandwidthKm = bandwidthKm
    this.ask()
  }

  /** Lists a kind of words that is hidden otherwise, or hides it. */
  list(kind: Hidden, isListed: boolean): void {
    this.include = hidden.filter((one) => (one === kind ? isListed : this.include.includes(one)))
    this.rank()
    this.selectAgain()
  }

  choose(corpus: string): void {
    this.#chosen = corpus
    this.#begin()
  }

  /** Another project, or another corpus in it: nothing that is shown is of it. */
  look(): void {
    const project = this.#workbench.project.view?.directory ?? null
    if (project !== this.#project) this.#chosen = null
    this.#project = project
    if (`${project}/${this.corpus}` !== this.#place) this.#begin()
  }

  /** Ranks the words, and shows the first of them, unless somebody has asked for something. */
  rank(all = false): void {
    // The view may draw before the workbench says that another project is open.
    this.look()
    const { corpus, units, where, include } = this
    if (corpus === null) return
    this.inquiry.withdraw(({ kind }) => kind === 'words')
    if (this.slices.length === 0 && this.asked.length > 0) this.ask()
    else if (this.ground === null && this.slices.length === 0) {
      this.ground = new Slice(this.inquiry, { corpus, variants: [everybody], where: [], title: '' })
      void this.ground.askMap()
    }
    const top = all ? 0 : firstListed
    void this.words
      .load(() => this.inquiry.ask<'words'>({ kind: 'words', corpus, units, where, top, include }, false))
      .then(() => {
        const first = this.words.value?.words[0]
        if (first && this.asked.length === 0 && this.corpus === corpus) this.show(first)
      })
  }

  turnTo(listing: Listing): void {
    this.listing = listing
    this.typical.drawing = false
    this.bundled = false
    // Hits that were edited meanwhile made variables, too.
    if (listing === 'variables') this.variables.read()
  }

  /** Lays the lines of the variables over one another. */
  lay(): void {
    const { corpus, where } = this
    if (corpus === null) return
    this.bundled = true
    this.variables.lay({ corpus, where })
  }

  /** Asks for what a variable of the project stands for. */
  showVariable(name: string): void {
    const variable = this.variables.variables.value?.[name]
    if (!variable) return
    this.fields = [...patternsOf(variable), '']
    this.ask()
  }

  /** What is asked for is a variable of the project already. */
  get isVariable(): boolean {
    return variableOf(this.variables.variables.value ?? {}, this.asked) !== null
  }

  /** Keeps what is asked for as a variable of the project. */
  async keepVariable(): Promise<void> {
    try {
      await this.variables.keep(this.asked)
    } catch (error) {
      this.#workbench.notices.error('The variable was not saved', error)
    }
  }

  /** Compares what a part of the map says with all the rest. */
  select(selection: Selection): void {
    const { corpus, where, include } = this
    if (corpus !== null) this.typical.select(selection, { corpus, where, include })
  }

  selectAgain(): void {
    if (this.typical.selection) this.select(this.typical.selection)
  }

  /** A shape that was drawn on the map, planar km; null where the person thought better of it. */
  drawn(planar: [number, number][] | null): void {
    this.typical.drawing = false
    const ring = planar && this.projection && groundRing(this.projection, planar)
    if (ring) this.select({ kind: 'shape', ring })
  }

  setUnits(units: Units): void {
    this.units = units
    this.rank()
  }

  /** Shows one of the ranked words by itself, or beside what is asked already. */
  show({ word, kind }: { word: string; kind: RegionalWord['kind'] }, beside = false): void {
    // Endings are listed as -ville, beginnings as llan-.
    const pattern = kind === 'ending' ? word.replace(/^-/, '*') : kind === 'beginning' ? word.replace(/-$/, '*') : word
    this.fields = beside ? [...this.asked, pattern, ''] : [pattern, '']
    this.ask()
  }

  /** The variants that stand in the field. */
  get asked(): string[] {
    return this.fields.map((text) => text.trim()).filter((text) => text !== '')
  }

  ask(): void {
    void this.#ask()
  }

  /** Leaves a hit out (null), counts it as another variant, or as what it is (undefined). */
  edit(line: KwicLine, variant: string | null | undefined): void {
    this.undone = [...this.undone, this.edits]
    this.#change(withEdit(this.edits, line, variant))
  }

  undo(): void {
    const before = this.undone.at(-1)
    if (!before) return
    this.undone = this.undone.slice(0, -1)
    this.#change(before)
  }

  /** The hits are marked at once; maps are counted again when a person pauses. */
  #change(edits: HitEdit[]): void {
    this.edits = edits
    this.inquiry.withdraw(({ kind }) => kind === 'map' || kind === 'line')
    const saved = this.inquiry.between(() => this.#save(edits))
    clearTimeout(this.#recount)
    this.recounting = true
    this.#recount = setTimeout(() => void saved.then(() => this.ask()), recountMs)
  }

  async #save(edits: HitEdit[]): Promise<void> {
    const { connection } = this.#workbench.engine
    const { asked } = this
    try {
      this.#variable ??= newVariable(await connection.request('variables.read', {}), asked)
      const { name, variable } = this.#variable
      await connection.request('variables.save', { name, variable: edited(variable, asked, edits) })
    } catch (error) {
      this.#workbench.notices.error('The variable was not saved', error)
    }
  }

  /** What was edited when the same variants were asked before, in this session or another one. */
  async #variableOf(asked: string[]): Promise<NamedVariable | null> {
    try {
      return variableOf(await this.#workbench.engine.connection.request('variables.read', {}), asked)
    } catch (error) {
      this.#workbench.notices.error('The variables of the project were not read', error)
      return null
    }
  }

  async #ask(): Promise<void> {
    const { corpus, asked } = this
    if (corpus === null || asked.length === 0) return
    this.bundled = false
    clearTimeout(this.#recount)
    this.inquiry.withdraw(({ kind }) => ['map', 'line', 'kwic', 'difference'].includes(kind))
    this.fields = [...asked, '']
    const turn = ++this.#turn
    const variants = JSON.stringify(asked)
    if (variants !== this.#edited) {
      const found = await this.#variableOf(asked)
      if (turn !== this.#turn) return
      this.#edited = variants
      this.#variable = found
      this.edits = found ? editsOf(found.variable, asked) : []
      this.undone = []
    }
    const { fields, where, groups, bandwidthKm } = this
    keepQuestion(this.#place, { fields, where, groups, bandwidthKm })
    this.recounting = false
    this.slices = (groups?.parts ?? [null]).map(
      (part) =>
        new Slice(this.inquiry, {
          corpus,
          variants: asked,
          where: part ? [...where, part] : where,
          edits: this.edits,
          bandwidthKm,
          ...(this.#variable ? { variable: this.#variable.name } : {}),
          title: part ? conditionText(part) : '',
        }),
    )
    if (this.difference.shown) this.difference.ask()
    // The quick things first, of all parts.
    for (const slice of this.slices) void slice.askMap()
    for (const slice of this.slices) void slice.list(this.sort)
    for (const slice of this.slices) void slice.askLine()
    for (const slice of this.slices) void slice.askCriterion()
  }

  sortBy(sort: KwicSort): void {
    this.sort = sort
    for (const slice of this.slices) void slice.list(sort)
  }

  #begin(): void {
    this.#place = `${this.#project}/${this.corpus}`
    const name = this.corpora.find(({ id }) => id === this.corpus)?.name
    this.units = name?.startsWith(placeNamesFile) ? 'endings' : 'words'
    this.inquiry.forget()
    this.words.clear()
    this.typical.clear()
    this.variables.clear()
    this.difference.answer.clear()
    this.bundled = false
    this.edits = []
    this.undone = []
    this.#edited = ''
    this.#variable = null
    this.#turn++
    this.slices = []
    this.ground = null
    const before = keptQuestion(this.#place)
    this.groups = before?.groups ?? null
    this.listed = 0
    this.projection = null
    this.places = null
    this.fields = before?.fields ?? ['']
    this.where = before?.where ?? []
    this.bandwidthKm = before?.bandwidthKm ?? null
    this.include = []
  }
}
