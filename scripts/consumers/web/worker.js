// Reads ledgers and streams outside the page's own thread, and stores the records.

import { load, SorobanError } from './soroban.js'
import { Batch } from './batch.js'
import { follow } from './eventstream.js'
import { exported, matches, Search } from './lookup.js'
import { Store } from './store.js'
import { summary } from './summary.js'

/** The first slice is small, so that the first record appears soon. */
const firstSlice = 64 << 10
const slice = 1 << 20
const batchRows = 4096
const batchDelay = 60
const networks = ['pubnet', 'testnet', 'futurenet', 'local']
const wrongNetwork = /network passphrase is likely wrong/
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** @type {Promise<import('../module/soroban.js').Soroban> | undefined} */
let loading
/** The current or the last reading. @type {Reading | undefined} */
let reading
let lastNetwork = 'pubnet'

const post = (message, transfer = []) => self.postMessage(message, transfer)

/** Thrown when the limits are reached. */
class Full extends Error {}

class Reading {
  constructor(given) {
    this.given = given
    this.generation = given.generation
    this.limits = given.limits
    this.store = new Store({ plainBytes: given.limits.plainBytes })
    this.batch = new Batch()
    this.abort = new AbortController()
    this.bytes = 0
    this.total = 0
    this.ledgers = 0
    this.lastLedger = null
    this.firstLedger = null
    this.warnings = 0
    this.search = given.search ? new Search(given.search) : undefined
    this.network = undefined
    this.began = performance.now()
  }

  get isStopped() {
    return this !== reading || this.abort.signal.aborted
  }

  tell(type, rest = {}) {
    if (this === reading) post({ type, generation: this.generation, ...rest })
  }

  /** Sends the available rows to the page. */
  send() {
    const { batch } = this
    if (batch.rows.length > 0) {
      const columns = batch.columns()
      const { texts } = batch
      this.tell('rows', { columns, texts })
      batch.clear()
    }
    this.tell('progress', {
      bytes: this.bytes, total: this.total, ledgers: this.ledgers, firstLedger: this.firstLedger, lastLedger: this.lastLedger,
      kept: this.store.size + batch.textBytes
    })
  }

  /** Complete lines of records. @param {Uint8Array} lines */
  async take(lines) {
    let start = 0
    let count = 0
    const { limits } = this
    let isFull = false
    const found = []
    while (start < lines.length) {
      const end = lines.indexOf(10, start)
      const text = decoder.decode(lines.subarray(start, end))
      if (this.search && text.toLowerCase().includes(this.search.wanted)) found.push(this.store.count + count)
      const record = JSON.parse(text)
      const row = summary(record)
      if (this.firstLedger === null) this.firstLedger = row.ledger
      this.lastLedger = row.ledger
      this.batch.add(row)
      start = end + 1
      count += 1
      if (this.store.count + count >= limits.rows) {
        isFull = true
        break
      }
    }
    await this.store.add(start === lines.length ? lines : lines.slice(0, start), count)
    if (found.length > 0 && this.search) {
      if (this.search.later) this.search.later.push(...found)
      else this.tell('matches', { turn: this.search.turn, rows: Uint32Array.from(found) })
    }
    if (this.batch.rows.length >= batchRows || this.store.count === count || performance.now() - this.batch.since > batchDelay) this.send()
    if (isFull || this.store.size + this.batch.textBytes > limits.keptBytes) throw new Full()
  }

  async files() {
    let soroban = await loading
    const { files, options, specs } = this.given
    this.total = files.reduce((sum, file) => sum + file.size, 0)
    const given = { ...options, specs: specs.length > 0 ? specs : undefined }
    // Wrong conditions are wrong for each file: report them once.
    const network = options.network === 'auto' ? lastNetwork : options.network
    soroban.open({ ...given, network }).close()
    for (const [index, file] of files.entries()) {
      if (this.isStopped) return
      const before = this.bytes
      try {
        await this.file(soroban, file, given)
      } catch (error) {
        if (error instanceof Full) {
          this.tell('full', { rows: this.store.count, ledger: this.lastLedger, file: index })
          return
        }
        const isData = error instanceof SorobanError
        const head = new Uint8Array(await file.slice(0, 64).arrayBuffer().catch(() => new ArrayBuffer(0)))
        this.tell('problem', {
          file: index, message: error.message, offset: isData ? error.offset : null, record: isData ? error.record : null,
          isData, isMemory: error instanceof RangeError || error instanceof WebAssembly.RuntimeError, head
        })
        if (!isData) {
          // An instance that ran out of memory cannot be used any more.
          loading = reload()
          soroban = await loading
        }
      }
      this.bytes = before + file.size
      this.send()
    }
  }

  /** Reads one file, with the matching network if none was chosen. */
  async file(soroban, file, given) {
    const candidates = given.network === 'auto' ? [lastNetwork, ...networks.filter((name) => name !== lastNetwork)] : [given.network]
    const before = this.store.count
    const bytes = this.bytes
    const ledgers = this.ledgers
    let first
    for (const network of candidates) {
      this.bytes = bytes
      this.ledgers = ledgers
      try {
        await this.session(soroban, file, { ...given, network, name: file.name })
        if (given.network === 'auto') lastNetwork = network
        return
      } catch (error) {
        if (!wrongNetwork.test(error.message) || this.store.count > before) throw error
        first ??= error
      }
    }
    throw first
  }

  async session(soroban, file, options) {
    const session = soroban.open(options)
    const ledgers = this.ledgers
    const note = () => {
      for (const warning of session.takeWarnings()) {
        this.warnings += 1
        if (this.warnings <= 20) this.tell('warning', { message: warning })
      }
      if (session.number !== 0) this.ledgers = ledgers + session.counters.ledgers
    }
    try {
      for (let start = 0; start < file.size && !session.isOver && !this.isStopped;) {
        const end = start + (start === 0 ? firstSlice : slice)
        const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer())
        if (start === 0) this.tell('sniffed', { name: file.name, path: file.webkitRelativePath || file.name, isLedgers: isOfLedgers(bytes) })
        for (const piece of session.pieces(bytes)) {
          // The first record proves it.
          if (this.network !== options.network) this.tell('network', { network: options.network })
          this.network = options.network
          await this.take(piece)
          if (this.isStopped) return
        }
        this.bytes += bytes.length
        start = end
        note()
        if (performance.now() - this.batch.since > batchDelay) this.send()
      }
      if (!session.isOver && !this.isStopped) {
        session.end()
        for (const piece of session) await this.take(piece)
        if (this.network === undefined) this.tell('network', { network: options.network })
        note()
      }
    } finally {
      session.close()
    }
  }

  async service() {
    const { url, origin, silence } = this.given
    let timer
    try {
      await follow({
        url: new URL(url), origin, silence, signal: this.abort.signal,
        onState: (state, detail) => this.tell('connection', { state, detail }),
        onEvent: async ({ id, data }) => {
          this.position = id
          const line = encoder.encode(`${data}\n`)
          this.bytes += line.length
          await this.take(line)
          // Records may arrive one by one, or by thousands.
          timer ??= setTimeout(() => { timer = undefined; this.send() }, batchDelay)
        }
      })
    } catch (error) {
      if (error instanceof Full) this.tell('full', { rows: this.store.count, ledger: this.lastLedger, file: null, position: this.position })
      else this.tell('problem', { file: null, message: error.message, offset: null, record: null, isData: false, isMemory: false, isService: true })
    }
    clearTimeout(timer)
  }

  async run() {
    try {
      await (this.given.files ? this.files() : this.service())
    } catch (error) {
      this.tell('refused', { message: error.message })
    }
    this.send()
    this.tell('done', { milliseconds: performance.now() - this.began, isStopped: this.abort.signal.aborted })
  }
}

/** Whether a file begins with ledgers, not with transactions or events: the command line then begins with another tool. */
function isOfLedgers(bytes) {
  const at = bytes.findIndex((byte) => byte > 32)
  if (bytes[at] === 0x7b || bytes[at] === 0x5b) return decoder.decode(bytes).includes('"metadataXdr"')
  // The mark of a LedgerTransaction begins with the letters SP.
  return !(bytes[4] === 0x53 && bytes[5] === 0x50)
}

let source
function reload() {
  const soroban = load(typeof source === 'string' ? fetch(source) : source.slice(0))
  // The first session is slow, so this unused one comes first.
  const ready = soroban.then((made) => {
    made.open({ mode: 'invocations', style: 'native' }).close()
    return made
  })
  ready.catch(() => {})
  return ready
}

const answers = {
  ready: async () => ({ version: (await loading).version, types: (await loading).types() }),
  record: async ({ row }) => (await reading.store.line(row)) ?? null,
  search: async ({ text, turn }) => {
    if (reading) reading.search = text === '' ? undefined : new Search({ text, turn })
    if (!reading || text === '') return false
    const { generation } = reading
    const mine = reading
    return matches(mine, mine.search, () => reading === mine, (rows) => post({ type: 'matches', generation, turn, rows }))
  },
  export: async ({ format, rows }) => (reading ? exported(reading, format, rows) : new Blob([])),
  decode: async ({ value, valueType, style }) => (await loading).decode(value, { type: valueType, style }),
  encode: async ({ json, valueType }) => (await loading).encode(json, { type: valueType }),
  fits: async ({ value }) => {
    const soroban = await loading
    return soroban.types().filter((type) => {
      try {
        soroban.decode(value, { type })
        return true
      } catch {
        return false
      }
    })
  }
}

self.onmessage = async ({ data }) => {
  if (data.type === 'load') {
    source = data.source
    loading = reload()
  } else if (data.type === 'start') {
    reading?.abort.abort()
    reading = new Reading(data)
    void reading.run()
  } else if (data.type === 'stop') {
    reading?.abort.abort()
  } else {
    try {
      post({ type: 'answer', id: data.id, value: await answers[data.type](data) })
    } catch (error) {
      post({ type: 'answer', id: data.id, error: error.message })
    }
  }
}
