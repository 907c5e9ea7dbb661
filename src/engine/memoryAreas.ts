/** Addresses in a WebAssembly memory of areas of some bytes each, 16 apart or more, and where the last one ends. */
export function layOutAreas(bytes: number[]): number[] {
  const addresses = [1024]
  for (const size of bytes) addresses.push(Math.ceil((addresses.at(-1)! + size) / 16) * 16)
  return addresses
}
