/** What a condition is called in a comparison: scheme and model, or the model alone where it needs no labels; behind an @ the variant of the texts. */
export const conditionKey = ({
  labels,
  model,
  preprocess,
}: {
  labels: string | null
  model: string
  preprocess?: string
}): string => `${labels === null ? model : `${labels}/${model}`}${variantSuffix(preprocess)}`

/** What stands behind the name of a thing that there is of several variants of the texts. */
export const variantSuffix = (preprocess: string | undefined): string =>
  preprocess === undefined ? '' : `@${preprocess}`

/** A condition's name whatever the variant. */
export const plainKey = ({ labels, model }: { labels: string | null; model: string }): string =>
  conditionKey({ labels, model })
