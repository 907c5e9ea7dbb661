declare module '*?wasm' {
  /** WebAssembly modules in base64, without and with fused multiply-add. */
  const kernel: { simd: string; relaxedSimd: string }
  export default kernel
}

declare module '*?alone' {
  /** One JavaScript module that needs no other file. */
  const code: string
  export default code
}
