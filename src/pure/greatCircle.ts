/** Mean radius of the Earth that the field's papers use. */
export const earthRadiusKm = 6371

const radians = Math.PI / 180

/** Great-circle distance in kilometres (haversine, R = 6371) of two places in degrees. */
export function haversineKm(latA: number, lonA: number, latB: number, lonB: number): number {
  const sinLat = Math.sin(((latB - latA) * radians) / 2)
  const sinLon = Math.sin(((lonB - lonA) * radians) / 2)
  const h = sinLat * sinLat + Math.cos(latA * radians) * Math.cos(latB * radians) * sinLon * sinLon
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(h)))
}
