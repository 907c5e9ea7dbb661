/** What engine, command line and window all know of a label scheme. */
export interface LabelDescription {
  title: string
  /** The setting that gives more labels when it is lowered; null where no setting does. */
  finerBy: string | null
}
