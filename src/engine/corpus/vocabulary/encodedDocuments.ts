/** Documents as rows of word ids: document i is ids.subarray(offsets[i], offsets[i + 1]). */
export interface EncodedDocuments {
  ids: Int32Array
  offsets: Float64Array | Uint32Array
  /** How the word of an id is spelled. Left out: all ids are of the vocabulary, which drops rarer words. */
  spell?: ((id: number) => string) | undefined
}

export const lengthOf = ({ offsets }: EncodedDocuments, document: number) => offsets[document + 1]! - offsets[document]!
