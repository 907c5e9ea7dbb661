/** Places in degrees; element i of both arrays is point i. */
export interface Points {
  lat: Float64Array
  lon: Float64Array
}
