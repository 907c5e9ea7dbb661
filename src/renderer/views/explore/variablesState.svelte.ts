import type { BundleAnswer, Condition } from '#protocol/explorer.ts'
import type { Variable, Variables } from '#protocol/variables.ts'
import type { EngineConnection } from '../../state/engineConnection.ts'
import { isStopped, type Inquiry } from '../../state/inquiry.svelte.ts'
import { Resource } from '../../state/resource.svelte.ts'
import { newVariable } from './edits.ts'

/** How many lines the engine lays over one another. */
export const mostLines = 200

const hasLine = ({ variants }: Variable) => Object.keys(variants).length === 2

/** The variables of the project, and the isoglosses of several of them over one another. */
export class VariablesState {
  readonly variables = new Resource<Variables>()
  readonly bundle = new Resource<BundleAnswer>()
  /** Names of those that a person took out of the bundle. */
  left = $state.raw<string[]>([])
  /** Of the lines of the bundle, in the order of its questions. */
  bundled = $state.raw<string[]>([])
  readonly #connection: EngineConnection
  readonly #inquiry: Inquiry

  constructor(connection: EngineConnection, inquiry: Inquiry) {
    this.#connection = connection
    this.#inquiry = inquiry
  }

  /** Those that have a line: two variants each; in the order of the file. */
  get withLine(): string[] {
    return Object.entries(this.variables.value ?? {}).flatMap(([name, variable]) => (hasLine(variable) ? [name] : []))
  }

  get chosen(): string[] {
    return this.withLine.filter((name) => !this.left.includes(name)).slice(0, mostLines)
  }

  get stopped(): boolean {
    const { current } = this.bundle
    return current.state === 'failed' && isStopped(current.error)
  }

  read(): void {
    void this.variables.refresh(() => this.#connection.request('variables.read', {}))
  }

  /** Keeps patterns as a variable of the project, a variant each. @throws EngineError where it cannot be written */
  async keep(asked: string[]): Promise<void> {
    await this.#inquiry.between(async () => {
      const { name, variable } = newVariable(await this.#connection.request('variables.read', {}), asked)
      await this.#connection.request('variables.save', { name, variable })
    })
    this.read()
  }

  /** Writes a variable, or takes it away where it is null. @throws EngineError where it cannot be written */
  async save(name: string, variable: Variable | null): Promise<void> {
    await this.#inquiry.between(() => this.#connection.request('variables.save', { name, variable }))
    this.read()
  }

  take(name: string, isTaken: boolean): void {
    this.left = isTaken ? this.left.filter((one) => one !== name) : [...this.left, name]
  }

  /** Lays the lines of the chosen ones over one another. */
  lay({ corpus, where }: { corpus: string; where: Condition[] }): void {
    const names = this.chosen
    const said = JSON.stringify(names.map((name) => this.variables.value![name]))
    const questions = names.map((variable) => ({ variable }))
    this.bundled = names
    this.#inquiry.withdraw(({ kind }) => kind === 'bundle')
    void this.bundle.load(() => this.#inquiry.ask<'bundle'>({ kind: 'bundle', corpus, where, questions }, true, said))
  }

  clear(): void {
    this.left = []
    this.bundled = []
    this.variables.clear()
    this.bundle.clear()
  }
}
