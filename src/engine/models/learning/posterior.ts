/** What a classifier says of documents, in the order in which they were asked for. */
export interface Posterior {
  labelCount: number
  /** Natural logarithms of probabilities, documents x labelCount. */
  logProbabilities: Float32Array
}

/** The most probable label of each document; ties go to the lower label. */
export function mostProbableLabels({ labelCount, logProbabilities }: Posterior): Int32Array {
  return Int32Array.from({ length: logProbabilities.length / labelCount }, (_, i) => {
    let best = 0
    for (let label = 1; label < labelCount; label++) {
      if (logProbabilities[i * labelCount + label]! > logProbabilities[i * labelCount + best]!) best = label
    }
    return best
  })
}
