declare module '*?wasm' {
  /** WebAssembly modules in base64, without and with fused multiply-add. */
  const kernel: { simd: string; relaxedSimd: string }
  export default kernel
}
