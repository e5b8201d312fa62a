// Common parts of the tests: the module, the native tools, and inputs.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Session, Soroban, SorobanError } from '../soroban.js'

/** The project's directory. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..')
export const wasmFile = process.env.SOROBAN_WASM ?? join(root, '.build/wasm/soroban.wasm')
const tools = process.env.SOROBAN_TOOLS ?? join(root, '.build/release')

const compiled = new WebAssembly.Module(readFileSync(wasmFile))

/** A new instance of the module. */
export const soroban = () => new Soroban(new WebAssembly.Instance(compiled, {}))

/**
 * Runs a pipeline of native tools.
 *
 * @param {Buffer | Uint8Array} input
 * @param {...string[]} stages The arguments of each.
 */
export function pipeline(input, ...stages) {
  let output = input
  let messages = ''
  let status = 0
  for (const [tool, ...options] of stages) {
    const run = spawnSync(join(tools, tool), options, { input: output, maxBuffer: 1 << 30 })
    if (run.error && run.error.code !== 'EPIPE') throw run.error
    output = run.stdout
    messages += run.stderr
    status = status || run.status
  }
  return { output, messages, status }
}

/**
 * Reads a complete input through the module.
 *
 * @param {Uint8Array} input
 * @param {object} options An object, or the bytes of its text.
 * @param {number | ((index: number) => number)} chunk The number of bytes per call.
 */
export function run(input, options, chunk = 65536, instance = soroban()) {
  const pieces = []
  let session
  try {
    session = ArrayBuffer.isView(options) ? openText(instance, options) : instance.open(options)
    let index = 0
    for (let start = 0; start < input.length && !session.isOver;) {
      const length = typeof chunk === 'number' ? chunk : chunk(index++)
      for (const piece of session.pieces(input.subarray(start, start + length))) pieces.push(piece)
      start += length
    }
    if (!session.isOver) {
      session.end()
      for (const piece of session) pieces.push(piece)
    }
    return { output: Buffer.concat(pieces), message: '', status: 0, warnings: session.warnings, counters: session.counters }
  } catch (error) {
    if (!(error instanceof SorobanError)) throw error
    const warnings = session?.warnings ?? []
    return { output: Buffer.concat(pieces), message: error.message, status: error.status, warnings, error }
  } finally {
    session?.close()
  }
}

/** A session with options given as text, valid JSON or not. */
function openText(instance, text) {
  const number = instance.with(text, (at, length) => instance.exports.soroban_open(at, length))
  if (number === 0) throw instance.error(0)
  return new Session(instance, number)
}

/** Files below a directory of the project's test data, or of real ledgers next to the checkout, if they exist. */
export function filesBelow(directory) {
  const path = join(root, directory)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .map((name) => join(path, name))
    .flatMap((file) => (statSync(file).isDirectory() ? filesBelow(file.slice(root.length + 1)) : [file]))
    .sort()
}

/** Odd sizes, the same ones each time. */
export function oddSizes(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return 1 + (state >>> 16) % 5000
  }
}

/** Random numbers below a limit, the same ones each time. */
export function random(seed) {
  let state = seed >>> 0
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

/** ledger-split that continues after damage. */
export const split = (network) => ['ledger-split', '-q', '-k', '--network', network]
/** invocation-extract for another tool. */
export const extract = (...options) => ['invocation-extract', '-q', '-k', '-o', 'xdr', ...options]
const asset = '--spec=asset'

/** Options of a session, and the equivalent native options. */
export const modes = [
  [{ mode: 'invocations' }, (n) => [split(n), ['invocation-extract', '-q', '-k']]],
  [{ mode: 'invocations', style: 'sep51' }, (n) => [split(n), extract(), ['scval-json']]],
  [{ mode: 'invocations', style: 'native' }, (n) => [split(n), extract(), ['scval-json', '--style', 'native']]],
  [{ mode: 'invocations', style: 'proto' }, (n) => [split(n), extract(), ['scval-json', '-q', '--style', 'proto']]],
  [{ mode: 'invocations', style: 'native', specs: [] }, (n) => [split(n), extract(), ['scval-json', '--style', 'native', asset]]],
  [
    { mode: 'invocations', include: ['state', 'ttl', 'raw', 'metrics'], footprintOps: true, omitUnchanged: true },
    (n) => [split(n), [...extract('--include', 'state,ttl,raw,metrics', '--footprint-ops', '--omit-unchanged'), '-o', 'ndjson']]
  ],
  [{ mode: 'events', style: 'native' }, (n) => [split(n), extract('--by', 'event'), ['scval-json', '--style', 'native']]],
  [{ mode: 'events', style: 'sep51', specs: [] }, (n) => [split(n), extract('--by', 'event'), ['scval-json', asset]]],
  [{ mode: 'transactions' }, (n) => [[...split(n), '-o', 'ndjson']]],
  [{ mode: 'transactions', style: 'sep51', soroban: true }, (n) => [[...split(n), '--soroban'], ['scval-json']]],
  [{ mode: 'ledgers' }, (n) => [[...split(n), '--by', 'ledger', '-o', 'ndjson']]],
  [{ mode: 'ledgers', style: 'native' }, (n) => [[...split(n), '--by', 'ledger'], ['scval-json', '--type', 'LedgerCloseMeta', '--style', 'native']]]
]
