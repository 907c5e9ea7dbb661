const names: RegExp[] = [
  /^(train|training|trn|tr|learn|learning)$/,
  /^(dev|devel|development|val|valid|validation|tune|tuning|heldout|held out)$/,
  /^(test|tst|testing|eval|evaluation)$/,
]

/** The number of the fold that a word stands for (0 training, 1 development, 2 test); null for any other word. */
export function foldOf(value: string): 0 | 1 | 2 | null {
  const plain = value
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .replace(/ ?(set|fold|split|data)$/, '')
  const found = names.findIndex((pattern) => pattern.test(plain))
  return found < 0 ? null : (found as 0 | 1 | 2)
}
