/**
 * Ward's (1963) clusters of places by their scores: of all pairs of groups, those two are joined whose union adds least to the
 * squared distances from the groups' means, until `wanted` are left. Ties go to the pair of the first places.
 * @param scores places x width, row by row
 * @returns the group of each place, numbered by their first places
 */
export function wardGroups(scores: Float64Array, width: number, wanted: number): Int32Array {
  const places = scores.length / width
  const sizes = new Float64Array(places).fill(1)
  const means = scores.slice()
  const groupOf = Int32Array.from({ length: places }, (_, place) => place)
  const alive = Array.from({ length: places }, (_, place) => place)
  const cost = (a: number, b: number) => {
    let squared = 0
    for (let k = 0; k < width; k++) squared += (means[a * width + k]! - means[b * width + k]!) ** 2
    return (squared * sizes[a]! * sizes[b]!) / (sizes[a]! + sizes[b]!)
  }
  /** Of each group the later one that it is cheapest joined with. */
  const partner = new Int32Array(places).fill(-1)
  const least = new Float64Array(places).fill(Infinity)
  const look = (a: number) => {
    partner[a] = -1
    least[a] = Infinity
    for (const b of alive) {
      if (b <= a) continue
      const found = cost(a, b)
      if (found < least[a]!) [partner[a], least[a]] = [b, found]
    }
  }
  alive.forEach(look)
  while (alive.length > Math.max(1, wanted)) {
    const a = alive.reduce((best, group) => (least[group]! < least[best]! ? group : best))
    const b = partner[a]!
    for (let k = 0; k < width; k++)
      means[a * width + k] =
        (sizes[a]! * means[a * width + k]! + sizes[b]! * means[b * width + k]!) / (sizes[a]! + sizes[b]!)
    sizes[a]! += sizes[b]!
    alive.splice(alive.indexOf(b), 1)
    groupOf.forEach((group, place) => {
      if (group === b) groupOf[place] = a
    })
    look(a)
    for (const group of alive) {
      if (group === a) continue
      if (partner[group] === a || partner[group] === b) look(group)
      else if (group < a) {
        const found = cost(group, a)
        if (found < least[group]! || (found === least[group] && a < partner[group]!))
          [partner[group], least[group]] = [a, found]
      }
    }
  }
  return groupOf.map((group) => alive.indexOf(group))
}
