// Runs the report in Node, as dual/index.html does on a page.
//
//   node dual/run.mjs dual.wasm soroban.wasm LEDGERS NETWORK

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'

const [program, module, ledgers, network] = process.argv.slice(2)
createRequire(import.meta.url)(resolve(dirname(program), 'wasm_exec.js'))
const go = new globalThis.Go()
const ready = new Promise((done) => (globalThis.sorobanReady = done))
const { instance } = await WebAssembly.instantiate(readFileSync(program), go.importObject)
go.run(instance)
await ready
try {
  process.stdout.write(await globalThis.sorobanReport(readFileSync(module), readFileSync(ledgers), network))
  process.exit(0)
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
