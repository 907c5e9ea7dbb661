/** What a condition is called in a comparison: scheme and model, or the model alone where it needs no labels. */
export const conditionKey = ({ labels, model }: { labels: string | null; model: string }): string =>
  labels === null ? model : `${labels}/${model}`
