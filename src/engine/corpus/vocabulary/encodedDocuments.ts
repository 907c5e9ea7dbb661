/** Documents as rows of word ids: document i is ids.subarray(offsets[i], offsets[i + 1]). */
export interface EncodedDocuments {
  ids: Int32Array
  offsets: Float64Array | Uint32Array
}

export const lengthOf = ({ offsets }: EncodedDocuments, document: number) => offsets[document + 1]! - offsets[document]!
