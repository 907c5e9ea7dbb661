/** 0, 1, 2, ... count - 1. (A mapping `Uint32Array.from` takes a hundred times as long.) */
export function ascending(count: number): Uint32Array {
  const numbers = new Uint32Array(count)
  for (let i = 0; i < count; i++) numbers[i] = i
  return numbers
}
