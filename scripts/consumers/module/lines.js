#!/usr/bin/env node
// Ledgers to lines with the module alone: the cost of each record without a client that parses it.
//
//   node scripts/consumers/module/lines.js OPTIONS LEDGERS > records.ndjson
//
// OPTIONS is the JSON object of soroban_open (Sources/WebModule/include/soroban.h). SOROBAN_WASM names the module.

import { createReadStream, readFileSync, writeSync } from 'node:fs'
import { load, SorobanError } from './soroban.js'

const [options, file] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: lines.js OPTIONS LEDGERS')
  process.exit(2)
}
try {
  const soroban = await load(readFileSync(process.env.SOROBAN_WASM ?? new URL('../../../.build/wasm/soroban.wasm', import.meta.url)))
  const ledgers = createReadStream(file, { highWaterMark: 1 << 20 })
  for await (const lines of soroban.pipe({ name: file, ...JSON.parse(options) }, ledgers)) write(lines)
} catch (error) {
  console.error(`lines.js: ${error.message}`)
  process.exitCode = error instanceof SorobanError ? error.status : error instanceof SyntaxError ? 2 : 4
}

/** Writes to a pipe that may be full. */
function write(bytes) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      if (error.code === 'EPIPE') process.exit(0)
      if (error.code !== 'EAGAIN') throw error
    }
  }
}
