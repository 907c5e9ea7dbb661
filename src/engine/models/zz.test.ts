import { it } from 'vitest'
import { gunzipSync } from 'node:zlib'
import { existsSync, writeFileSync, readFileSync, rmSync, mkdirSync, appendFileSync } from 'node:fs'
import { attentionCnnSettings } from '#protocol/experiment.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import { seededRandom } from '#engine/random.ts'
import { haversineKm } from '#engine/geo/greatCircle.ts'
import { trainNetwork } from './attentionCnn/trainNetwork.ts'
import { trainingCheckpoints } from './attentionCnn/trainingCheckpoints.ts'
import { predictDocuments, mostProbableLabels } from './attentionCnn/predict.ts'
import { toDegrees } from './attentionCnn/coordinateScale.ts'
const log = (s: string) => appendFileSync('/tmp/bench/log.txt', s + '\n')
function w2v(docs: number[][], V: number, D: number, epochs: number, seed: number) {
  const r = seededRandom(seed); const counts = new Float64Array(V); let total = 0
  for (const d of docs) for (const w of d) { counts[w]!++; total++ }
  const table = new Int32Array(1e6); { let s = 0; for (const c of counts) s += c ** .75; let i = 0, acc = counts[0]! ** .75 / s; for (let k = 0; k < 1e6; k++) { table[k] = i; if (k / 1e6 > acc && i < V - 1) { i++; acc += counts[i]! ** .75 / s } } }
  const A = Float32Array.from({ length: V * D }, () => (r.next() - .5) / D), B = new Float32Array(V * D), e = new Float32Array(D)
  let seen = 0
  for (let ep = 0; ep < epochs; ep++) for (const doc of docs) {
    const lr = Math.max(1e-4, .025 * (1 - seen / (total * epochs))); seen += doc.length
    const kept = doc.filter(w => { const f = counts[w]! / total; return r.next() < Math.sqrt(1e-3 / f) + 1e-3 / f })
    for (let i = 0; i < kept.length; i++) { const b = 1 + Math.floor(r.next() * 5)
      for (let j = Math.max(0, i - b); j <= Math.min(kept.length - 1, i + b); j++) if (j !== i) {
        const a = kept[j]! * D; e.fill(0)
        for (let n = 0; n < 6; n++) { const t = n === 0 ? kept[i]! : table[Math.floor(r.next() * 1e6)]!; if (n && t === kept[i]) continue
          const o = t * D; let dot = 0; for (let k = 0; k < D; k++) dot += A[a + k]! * B[o + k]!
          const g = ((n === 0 ? 1 : 0) - 1 / (1 + Math.exp(-dot))) * lr
          for (let k = 0; k < D; k++) { e[k] = e[k]! + g * B[o + k]!; B[o + k] = B[o + k]! + g * A[a + k]! } }
        for (let k = 0; k < D; k++) A[a + k] = A[a + k]! + e[k]! } } }
  return A
}
it('quality', async () => {
  const { tf } = await loadTensorFlow()
  const which = process.env['WHICH'] ?? 'ch'
  const minF = which === 'ch' ? 2 : 5, maxW = which === 'ch' ? 200 : 64, embE = +(process.env['EMB'] ?? 5)
  const lines = gunzipSync(readFileSync(`/work/shared/corpora/smg/${which}/dev.txt.gz`)).toString().trimEnd().split('\n').map(l => l.split('\t'))
  const n = lines.length
  const lat = Float64Array.from(lines, l => +l[0]!), lon = Float64Array.from(lines, l => +l[1]!)
  const toks = lines.map(l => (l[2]!.toLowerCase().replace(/https?:\/\/\S+/g, ' ').match(/@\w+|#[\p{L}\p{N}_]+|\d+|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\p{Extended_Pictographic}/gu) ?? []).map(t => /^\d/.test(t) ? t.replace(/\d/g, '0') : t).slice(0, maxW))
  const order = Int32Array.from({ length: n }, (_, i) => i); seededRandom(5).shuffle(order)
  const nt = Math.floor(n * .15), nd = Math.floor((n - nt) * .1)
  const test = order.slice(0, nt), dev = order.slice(nt, nt + nd), train = order.slice(nt + nd)
  const c = new Map<string, number>(); for (const i of train) for (const t of toks[i]!) c.set(t, (c.get(t) ?? 0) + 1)
  const words = [...c].filter(x => x[1] >= minF).sort((a, b) => b[1] - a[1]).map(x => x[0]); const idx = new Map(words.map((w, i) => [w, i]))
  const ids: number[] = []; const offsets = new Float64Array(n + 1)
  toks.forEach((t, i) => { for (const w of t) { const k = idx.get(w); if (k !== undefined) ids.push(k) } offsets[i + 1] = ids.length })
  // kd tree
  const labels = new Int32Array(n); const cells: { lat: number, lon: number }[] = []
  const med = (v: number[]) => { const s = [...v].sort((a, b) => a - b); return (s[(s.length - 1) >> 1]! + s[s.length >> 1]!) / 2 }
  const split = (tr: number[], rest: number[]) => {
    const span = (a: Float64Array) => Math.max(...tr.map(i => a[i]!)) - Math.min(...tr.map(i => a[i]!))
    const a = span(lat) >= span(lon) ? lat : lon
    if (tr.length <= 128 || span(a) === 0) { for (const i of [...tr, ...rest]) labels[i] = cells.length; cells.push({ lat: med(tr.map(i => lat[i]!)), lon: med(tr.map(i => lon[i]!)) }); return }
    let m = med(tr.map(i => a[i]!)); if (m === Math.max(...tr.map(i => a[i]!))) m = Math.min(...tr.map(i => a[i]!))
    split(tr.filter(i => a[i]! <= m), rest.filter(i => a[i]! <= m)); split(tr.filter(i => a[i]! > m), rest.filter(i => a[i]! > m))
  }
  split([...train], [...dev, ...test])
  const centres = { lat: Float64Array.from(cells, x => x.lat), lon: Float64Array.from(cells, x => x.lon) }
  const D = 128; let t0 = performance.now()
  const cache = `/tmp/bench/A-${which}-${embE}.bin`
  const A = existsSync(cache) ? new Float32Array(new Uint8Array(readFileSync(cache)).buffer) : w2v([...train].map(i => ids.slice(offsets[i]!, offsets[i + 1]!)), words.length, D, embE, 1)
  writeFileSync(cache, new Uint8Array(A.buffer))
  log(`${which} words ${words.length} tokens ${ids.length} labels ${cells.length} emb ${((performance.now() - t0) / 1000).toFixed(0)} s`)
  const stat = (la: ArrayLike<number>, lo: ArrayLike<number>) => { const e = [...test].map((d, i) => haversineKm(lat[d]!, lon[d]!, la[i]!, lo[i]!)).sort((a, b) => a - b); return `acc161 ${(e.filter(x => x < 161).length / nt).toFixed(3)} mean ${(e.reduce((a, b) => a + b, 0) / nt).toFixed(1)} median ${((e[(nt - 1) >> 1]! + e[nt >> 1]!) / 2).toFixed(1)}` }
  const mp = { lat: med([...train].map(i => lat[i]!)), lon: med([...train].map(i => lon[i]!)) }
  log('floor ' + stat(new Array(nt).fill(mp.lat), new Array(nt).fill(mp.lon)))
  for (const variant of JSON.parse(process.env['VARIANTS'] ?? '[{"tasks":["labels","coordinates"]},{"tasks":["labels"]},{"tasks":["labels"],"fineTune":false}]') as object[]) {
    const settings = attentionCnnSettings.parse({ method: 'attention-cnn', ...variant })
    const vectors = { rows: words.length, columns: D, values: A.slice() }
    const ck = '/tmp/bench/ck'; rmSync(ck, { recursive: true, force: true }); mkdirSync(ck)
    t0 = performance.now()
    const trained = await trainNetwork(tf, settings, { documents: { ids: Int32Array.from(ids), offsets }, train, dev, points: { lat, lon }, labels, centres, vectors }, 1, trainingCheckpoints(ck, settings.fineTune ? null : vectors, () => performance.now()), { signal: new AbortController().signal, report: () => undefined, note: () => undefined }, { nowMs: () => performance.now(), epoch: (m) => log(`   e${m.epoch} loss ${m.trainLoss.toFixed(2)} c ${m.coordinateLoss?.toFixed(4)} dev ${m.devLoss.toFixed(2)} acc ${m.devAccuracy.toFixed(3)} mean ${m.devMeanErrorKm.toFixed(1)} med ${m.devMedianErrorKm.toFixed(1)} ${m.documentsPerSecond.toFixed(0)} d/s`) })
    const p = await predictDocuments(tf, trained.weights, { ids: Int32Array.from(ids), offsets }, test, { signal: new AbortController().signal })
    const g = mostProbableLabels(p)
    log(`${which} ${JSON.stringify(variant)} TEST label ${stat(Array.from(g, l => centres.lat[l]!), Array.from(g, l => centres.lon[l]!))} ${((performance.now() - t0) / 1000).toFixed(0)} s`)
    if (p.coordinates) { const h = toDegrees(trained.scale!, p.coordinates); log('    head ' + stat(h.lat, h.lon)) }
  }
}, 3000000)
