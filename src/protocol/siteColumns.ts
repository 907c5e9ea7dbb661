/** Sites with their informants and, by variant, users: in columns, since there may be hundreds of thousands. */
export interface SiteColumns {
  lat: number[]
  lon: number[]
  informants: number[]
  /** By variant, then by site. */
  users: number[][]
}
