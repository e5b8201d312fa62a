// The core of soroban-pipes as WebAssembly, for Node (20 or later), browsers, workers and Deno. No dependencies.
//
//   import { load } from './soroban.js'
//   const soroban = await load(fetch('soroban.wasm'))
//   for await (const lines of soroban.pipe({ mode: 'invocations', style: 'native' }, file.stream())) …
//
// Sources/WebModule/include/soroban.h describes the options and the guarantees of the module.

/**
 * The options of a session, as for `soroban_open`.
 *
 * @typedef {object} Options
 * @property {'invocations' | 'events' | 'transactions' | 'ledgers'} [mode] One line for each; default invocations.
 * @property {'raw' | 'sep51' | 'native' | 'proto'} [style] The format of values; default raw.
 * @property {string} [network] pubnet (default), testnet, futurenet, local or a passphrase.
 * @property {'auto' | 'xdr' | 'ndjson'} [input] The format of the input; default auto.
 * @property {string} [name] The name of the input in messages.
 * @property {number} [maxRecord] The largest record, in bytes.
 * @property {string | string[]} [ledgers] Ranges of ledgers, such as "5-9".
 * @property {boolean} [keepGoing] Records that cannot be read are warnings.
 * @property {boolean} [verify] Recompute the hashes.
 * @property {boolean} [soroban] Only transactions with a Soroban operation.
 * @property {string[]} [tx] Only transactions with these hashes.
 * @property {string[]} [include] The parts of an invocation to write.
 * @property {string[]} [exclude] The parts of an invocation to omit.
 * @property {string[]} [type] Kinds of invocation to write: call, create, upload.
 * @property {boolean} [footprintOps] Also write ExtendFootprintTTL and RestoreFootprint operations.
 * @property {boolean} [omitUnchanged] Omit updates that change nothing.
 * @property {string} [after] Only invocations after this TOID.
 * @property {object} [request] A GetInvocationsRequest in protobuf-JSON, or a request of getEvents.
 * @property {Record<string, string | string[] | number | boolean>} [conditions] Conditions of event-filter, by the names of its options.
 * @property {{ contract?: string, data: string | Uint8Array }[]} [specs] Contract interfaces; data is base64, or bytes.
 * @property {number} [now] The time in Unix seconds; default the clock's.
 */

/**
 * @typedef {object} Counters
 * @property {number} bytes_in
 * @property {number} bytes_out
 * @property {number} records_in
 * @property {number} records_out
 * @property {number} skipped
 * @property {number} ledgers
 * @property {number | null} first_ledger
 * @property {number | null} last_ledger
 * @property {number | null} closed_at When the last ledger closed, in Unix seconds.
 */

/** An error in options, a value or the input; its message is the tools'. */
export class SorobanError extends Error {
  /**
   * @param {string} message
   * @param {number} status
   * @param {{ offset?: number | null, record?: number | null, ledger?: number | null }} [place]
   */
  constructor(message, status, place = {}) {
    super(message)
    this.name = 'SorobanError'
    /** The tools' exit status: 2 wrong usage, 3 bad data. */
    this.status = status
    /** The byte of the decompressed input, or null. */
    this.offset = place.offset ?? null
    /** The number of the record from 1, or null. */
    this.record = place.record ?? null
    /** The sequence of the ledger, or null. */
    this.ledger = place.ledger ?? null
  }
}

/**
 * @typedef {BufferSource | WebAssembly.Module | Response | PromiseLike<BufferSource | WebAssembly.Module | Response>} Source
 */

/**
 * Makes an instance of the module.
 *
 * @param {Source} source Its bytes, a response with them, or the compiled module; or a promise of one of these.
 * @returns {Promise<Soroban>}
 */
export async function load(source) {
  return new Soroban(await WebAssembly.instantiate(await compile(source), {}))
}

/**
 * Compiles the module, to instantiate it several times or to send it to a worker.
 *
 * @param {Source} source
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(source) {
  const given = await source
  if (given instanceof WebAssembly.Module) return given
  if (typeof Response !== 'undefined' && given instanceof Response) {
    if (!given.ok) throw new Error(`${given.url}: status ${given.status}`)
    // Compiles during the download, if the server sets the media type.
    if (given.headers.get('content-type') === 'application/wasm') return WebAssembly.compileStreaming(given)
    return WebAssembly.compile(await given.arrayBuffer())
  }
  return WebAssembly.compile(/** @type {BufferSource} */ (given))
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const stateOf = { wantsInput: 0, more: 1, ended: 2, failed: 3 }
const forms = { base64: 0, xdr: 1 }
const styles = { sep51: 0, native: 1 }
/** Larger inputs are fed in several pieces, so that the module's memory stays small. */
const largestPiece = 4 << 20

/** An instance of the module, for one thread; its sessions may be used alternately. */
export class Soroban {
  /** @param {WebAssembly.Instance} instance */
  constructor(instance) {
    /** @type {any} */
    this.exports = instance.exports
    this.exports._initialize()
    this.exports.soroban_version()
    /** The version of soroban-pipes. */
    this.version = this.textOfOutput()
  }

  /**
   * Begins a session. Throws a SorobanError for invalid options.
   *
   * @param {Options} [options]
   * @returns {Session}
   */
  open(options = {}) {
    const { specs } = options
    const given = { now: Math.floor(Date.now() / 1000), ...options }
    if (Array.isArray(specs)) {
      given.specs = specs.map((spec) => (spec?.data instanceof Uint8Array ? { ...spec, data: base64(spec.data) } : spec))
    }
    const number = this.with(encoder.encode(JSON.stringify(given)), (at, length) => this.exports.soroban_open(at, length))
    if (number === 0) throw this.error(0)
    return new Session(this, number)
  }

  /**
   * Reads a complete input in a separate session: yields lines, in large pieces that end with a line feed.
   *
   * @param {Options} options
   * @param {AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ReadableStream<Uint8Array>} source
   * @returns {AsyncGenerator<Uint8Array, void, void>}
   */
  async *pipe(options, source) {
    const session = this.open(options)
    try {
      for await (const bytes of chunksOf(source)) {
        for (const piece of session.pieces(bytes)) yield piece
        if (session.isOver) return
      }
      session.end()
      yield* session
    } finally {
      session.close()
    }
  }

  /**
   * The same, parsed: one object per record.
   *
   * @param {Options} options
   * @param {AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ReadableStream<Uint8Array>} source
   * @returns {AsyncGenerator<any, void, void>}
   */
  async *records(options, source) {
    for await (const piece of this.pipe(options, source)) yield* parseLines(piece)
  }

  /**
   * XDR to JSON text.
   *
   * @param {string | Uint8Array} value Base64, or bytes.
   * @param {{ type?: string, style?: 'sep51' | 'native' }} [options] Default: an SCVal, in the style sep51.
   * @returns {string}
   */
  decode(value, { type = 'SCVal', style = 'sep51' } = {}) {
    const isText = typeof value === 'string'
    const isGood = this.with(encoder.encode(type), (name, nameLength) =>
      this.with(isText ? encoder.encode(value) : value, (at, length) =>
        this.exports.soroban_decode(name, nameLength, styles[style], isText ? forms.base64 : forms.xdr, at, length)
      )
    )
    if (isGood === 0) throw this.error(0)
    return this.textOfOutput()
  }

  /**
   * SEP-51 JSON to XDR in base64.
   *
   * @param {string} json
   * @param {{ type?: string }} [options] Default: an SCVal.
   * @returns {string}
   */
  encode(json, { type = 'SCVal' } = {}) {
    const isGood = this.with(encoder.encode(type), (name, nameLength) =>
      this.with(encoder.encode(json), (at, length) => this.exports.soroban_encode(name, nameLength, forms.base64, at, length))
    )
    if (isGood === 0) throw this.error(0)
    return this.textOfOutput()
  }

  /**
   * The names of all types that `decode` and `encode` support.
   *
   * @returns {string[]}
   */
  types() {
    this.exports.soroban_types()
    return this.textOfOutput().trimEnd().split('\n')
  }

  // The following is for the class Session.

  /**
   * Calls `body` with the address of bytes in the module's memory.
   *
   * @template T
   * @param {Uint8Array} bytes
   * @param {(at: number, length: number) => T} body
   * @returns {T}
   */
  with(bytes, body) {
    const at = this.exports.soroban_allocate(bytes.length)
    if (at === 0) throw new RangeError('no memory for the module')
    try {
      new Uint8Array(this.exports.memory.buffer, at, bytes.length).set(bytes)
      return body(at, bytes.length)
    } finally {
      this.exports.soroban_release(at)
    }
  }

  /** @param {number} at @param {number} length @returns {Uint8Array} */
  bytes(at, length) {
    return new Uint8Array(this.exports.memory.buffer, at >>> 0, length >>> 0)
  }

  /** @returns {string} */
  textOfOutput() {
    return decoder.decode(this.bytes(this.exports.soroban_output(0), this.exports.soroban_output_length(0)))
  }

  /** @param {number} session @returns {SorobanError} */
  error(session) {
    const { exports } = this
    const message = decoder.decode(this.bytes(exports.soroban_message(session), exports.soroban_message_length(session)))
    /** @param {bigint} number */
    const known = (number) => (number < 0n ? null : Number(number))
    return new SorobanError(message, exports.soroban_status(session), {
      offset: known(exports.soroban_message_offset(session)),
      record: known(exports.soroban_message_record(session)),
      ledger: known(exports.soroban_message_ledger(session))
    })
  }
}

/**
 * One input, from its first byte to its last.
 *
 *   session.feed(bytes)
 *   for (const lines of session) …      until it needs more
 *   session.end()
 *   for (const lines of session) …
 *   session.close()
 *
 * A piece of output is a copy, ends with a line feed, and is never empty. An error in the input is thrown as a SorobanError,
 * after all pieces that were written before it.
 */
export class Session {
  /** @param {Soroban} soroban @param {number} number */
  constructor(soroban, number) {
    this.soroban = soroban
    this.number = number
    /** Whether there is no further output: the input ended, no ledger after the last wanted one is read, or it failed. */
    this.isOver = false
    /** Warnings that `takeWarnings` has not returned yet. @type {string[]} */
    this.warnings = []
  }

  /**
   * Adds bytes to the input. Iterate before you feed more. Without bytes it signals a pause of the input.
   *
   * @param {Uint8Array} bytes
   */
  feed(bytes) {
    this.expectOpen()
    this.soroban.with(bytes, (at, length) => this.soroban.exports.soroban_feed(this.number, at, length))
  }

  /** Ends the input. */
  end() {
    this.expectOpen()
    this.soroban.exports.soroban_end(this.number)
  }

  /** The input pauses: writes what is whole, where only the next bytes could show that a record ended. Iterate afterwards. */
  flush() {
    this.feed(new Uint8Array(0))
  }

  /**
   * Feeds bytes and yields the output; large inputs in several steps, so that memory stays small.
   *
   * @param {Uint8Array} bytes
   * @returns {Generator<Uint8Array, void, void>}
   */
  *pieces(bytes) {
    for (let start = 0; start < bytes.length && !this.isOver; start += largestPiece) {
      this.feed(bytes.subarray(start, start + largestPiece))
      yield* this
    }
  }

  /** @returns {Generator<Uint8Array, void, void>} */
  *[Symbol.iterator]() {
    const { soroban, number } = this
    const { exports } = soroban
    let state = stateOf.more
    while (state === stateOf.more && this.number !== 0) {
      state = exports.soroban_run(number)
      this.isOver = state === stateOf.ended || state === stateOf.failed
      const output = soroban.bytes(exports.soroban_output(number), exports.soroban_output_length(number)).slice()
      const warnings = decoder.decode(soroban.bytes(exports.soroban_warnings(number), exports.soroban_warnings_length(number)))
      if (warnings !== '') this.warnings.push(...warnings.trimEnd().split('\n'))
      const error = state === stateOf.failed ? soroban.error(number) : undefined
      exports.soroban_clear(number)
      if (output.length > 0) yield output
      if (error) throw error
    }
  }

  /** The warnings since the last call. @returns {string[]} */
  takeWarnings() {
    return this.warnings.splice(0)
  }

  /** The counters so far. @returns {Counters} */
  get counters() {
    this.expectOpen()
    const { exports } = this.soroban
    const at = exports.soroban_counters(this.number)
    return JSON.parse(decoder.decode(this.soroban.bytes(at, exports.soroban_counters_length(this.number))))
  }

  /** Releases the session's memory in the module. */
  close() {
    if (this.number !== 0) this.soroban.exports.soroban_close(this.number)
    this.number = 0
    this.isOver = true
  }

  expectOpen() {
    if (this.number === 0) throw new Error('the session is closed')
  }
}

/**
 * The lines of a piece of output, parsed.
 *
 * @param {Uint8Array} piece
 * @returns {Generator<any, void, void>}
 */
export function* parseLines(piece) {
  let start = 0
  while (start < piece.length) {
    const end = piece.indexOf(10, start)
    yield JSON.parse(decoder.decode(piece.subarray(start, end)))
    start = end + 1
  }
}

/**
 * @param {AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ReadableStream<Uint8Array>} source
 * @returns {AsyncIterable<Uint8Array> | Iterable<Uint8Array>}
 */
function chunksOf(source) {
  if (Symbol.asyncIterator in source || Symbol.iterator in source) {
    return /** @type {AsyncIterable<Uint8Array> | Iterable<Uint8Array>} */ (source)
  }
  return chunksOfStream(source)
}

/**
 * Not every browser can iterate over a stream.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<Uint8Array, void, void>}
 */
async function* chunksOfStream(stream) {
  const reader = stream.getReader()
  let isRead = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isRead = done
      if (done) return
      yield value
    }
  } finally {
    if (!isRead) await reader.cancel()
    reader.releaseLock()
  }
}

/** @param {Uint8Array} bytes @returns {string} */
function base64(bytes) {
  let text = ''
  for (let start = 0; start < bytes.length; start += 8192) text += String.fromCharCode(...bytes.subarray(start, start + 8192))
  return btoa(text)
}
