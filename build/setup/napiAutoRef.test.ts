import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { inPackage } from './paths.mjs'

const folder = mkdtempSync(join(tmpdir(), 'isogloss-reference-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** hold(value): keeps a value and gives it back on the calling thread, or on another one as TensorFlow does with a GPU. */
const addon = `
#include <node_api.h>
#include <thread>
static napi_value Hold(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value given[2];
  bool elsewhere;
  napi_get_cb_info(env, info, &count, given, nullptr, nullptr);
  napi_get_value_bool(env, given[1], &elsewhere);
  auto* held = new tfnodejs::NapiAutoRef();
  held->Init(env, given[0]);
  auto giveBack = [held] { held->Cleanup(); delete held; };
  if (elsewhere) std::thread(giveBack).join(); else giveBack();
  return nullptr;
}
static napi_value Open(napi_env env, napi_value exports) {
  napi_value hold;
  napi_create_function(env, "hold", NAPI_AUTO_LENGTH, Hold, nullptr, &hold);
  return hold;
}
NAPI_MODULE(held, Open)
`

/** How many of 200 arrays the collector gets back, when all were let go of and the last call came after them. */
const program = `
const hold = require('./held.node')
let collected = 0
const registry = new FinalizationRegistry(() => collected++)
const part = (elsewhere) => {
  for (let i = 0; i < 200; i++) {
    const array = new Float32Array(1000)
    registry.register(array, i)
    hold(array, elsewhere)
  }
}
const settle = async () => { for (let i = 0; i < 20; i++) { gc(); await new Promise((next) => setTimeout(next, 5)) } }
;(async () => {
  const found = []
  for (const elsewhere of [false, true]) {
    collected = 0
    part(elsewhere)
    hold({}, false)
    await settle()
    found.push(collected)
  }
  console.log(JSON.stringify(found))
})()
`

describe('references to arrays that tensors borrow', () => {
  it('are given back on whatever thread lets go of them', () => {
    writeFileSync(join(folder, 'held.cc'), addon)
    writeFileSync(join(folder, 'program.cjs'), program)
    const header = fileURLToPath(new URL('napiAutoRef.h', import.meta.url))
    const compiled = spawnSync('g++', [
      ...['-shared', '-fPIC', '-O1', '-std=c++17', '-pthread', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
      ...['-I', inPackage('node-api-headers', 'include'), '-include', header],
      ...[join(folder, 'held.cc'), '-o', join(folder, 'held.node')],
    ])
    expect(compiled.stderr.toString()).toBe('')
    const ran = spawnSync(process.execPath, ['--expose-gc', 'program.cjs'], { cwd: folder, encoding: 'utf8' })
    expect(ran.stderr).toBe('')
    expect(JSON.parse(ran.stdout)).toEqual([200, 200])
  })
})
