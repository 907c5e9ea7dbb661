/** 0, 1, 2, ... count - 1. (A mapping `Int32Array.from` takes a hundred times as long.) */
export function range(count: number): Int32Array {
  const numbers = new Int32Array(count)
  for (let i = 0; i < count; i++) numbers[i] = i
  return numbers
}
