export const sizes = ['small', 'default'] as const
export type Size = (typeof sizes)[number]

/** A part of a check: what it found, as figures with names. */
export type Figures = { [name: string]: number | string | boolean | null | Figures }

/** Files that are read in place of the usual ones. */
export interface CheckFiles {
  terms?: string
  corpus?: string[]
}

/** A statistical method held to what it promises, on data of which the truth is known. */
export interface Check {
  run(options: { size: Size; say: (line: string) => void; files: CheckFiles }): Promise<Figures>
}
