/**
 * Moves labels along one axis just so far apart that none touches the next, as near to their wishes as that allows,
 * and keeps them within the axis when they fit there.
 * @param wanted wished middles, in any order
 * @returns middles in the order of `wanted`
 */
export function spreadLabels(wanted: number[], spacing: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b)
  // Blocks of touching labels, each at the mean of its wishes; a block that overlaps the one before joins it.
  const blocks: { members: number[]; middle: number }[] = []
  for (const i of order) {
    let block = { members: [i], middle: wanted[i]! }
    for (let before = blocks.at(-1); before && touches(before, block, spacing); before = blocks.at(-1)) {
      blocks.pop()
      const members = [...before.members, ...block.members]
      const total = before.middle * before.members.length + block.middle * block.members.length
      block = { members, middle: total / members.length }
    }
    blocks.push(block)
  }
  const placed = new Array<number>(wanted.length).fill(0)
  for (const { members, middle } of blocks) {
    members.forEach((i, k) => (placed[i] = middle + (k - (members.length - 1) / 2) * spacing))
  }
  pushInside(placed, order, spacing, low, high)
  return placed
}

function touches(a: { members: number[]; middle: number }, b: { members: number[]; middle: number }, spacing: number) {
  return b.middle - a.middle < ((a.members.length + b.members.length) / 2) * spacing
}

function pushInside(placed: number[], order: number[], spacing: number, low: number, high: number): void {
  let least = low
  for (const i of order) {
    placed[i] = Math.max(placed[i]!, least)
    least = placed[i] + spacing
  }
  let most = high
  for (const i of [...order].reverse()) {
    placed[i] = Math.max(low, Math.min(placed[i]!, most))
    most = placed[i] - spacing
  }
}
