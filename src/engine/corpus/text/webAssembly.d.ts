declare namespace WebAssembly {
  interface Memory {
    grow(pages: number): number
  }
}

declare module '*?wasm=simd' {
  /** A WebAssembly module in base64. */
  const kernel: string
  export default kernel
}
