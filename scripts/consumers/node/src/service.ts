import { retryAfter } from './backoff.js'
import { GoneError, ProtocolError, RequestError, SorobanPipesError, StageError, UnavailableError, type ErrorDetails } from './errors.js'
import { conditions } from './filter.js'
import { askHere, askWithFetch, type Answer, type Ask } from './http.js'
import { LineDecoder } from './lines.js'
import { ERROR_SCHEMA, LONGEST, type Source, type SourceRequest, type Style } from './source.js'
import { EventDecoder } from './sse.js'

export interface ServiceOptions {
  /** The transport of records; default ndjson. */
  transport?: 'ndjson' | 'sse'
  /** The format of values; default native. */
  style?: Style
  /** Milliseconds without a byte after which a connection counts as lost; default 45 000. The service sends one every 15 s. */
  silence?: number
  /** Headers of each request, such as an authorization. */
  headers?: Readonly<Record<string, string>>
  /** The longest record, in bytes; default 256 MiB. */
  longest?: number
  /** Replaces the environment's fetch. */
  fetch?: typeof fetch
}

const KINDS = { ndjson: 'application/x-ndjson', sse: 'text/event-stream' }
/** Statuses for which another attempt can succeed. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504])

const LONGEST_ERROR = 1 << 20

interface ErrorMembers {
  message?: string
  tool?: string
  status?: number
  tool_status?: number
  ledger?: number | null
  first_ledger?: number
  last_ledger?: number
}

/** Records of soroban-serve. */
export class ServiceSource implements Source {
  readonly #address: string
  readonly #transport: 'ndjson' | 'sse'
  readonly #style: Style
  readonly #silence: number
  readonly #headers: Readonly<Record<string, string>>
  readonly #longest: number
  readonly #ask: Ask

  constructor(address: string | URL, options: ServiceOptions = {}) {
    this.#address = String(address).replace(/\/+$/, '')
    this.#transport = options.transport ?? 'ndjson'
    this.#style = options.style ?? 'native'
    this.#silence = options.silence ?? 45_000
    this.#headers = options.headers ?? {}
    this.#longest = options.longest ?? LONGEST
    this.#ask = options.fetch === undefined ? askHere() : askWithFetch(options.fetch)
  }

  canResume(): boolean {
    return true
  }

  #target(request: SourceRequest): string {
    const query = new URLSearchParams({ style: this.#style })
    if (request.start !== undefined) query.set('start_ledger', String(request.start))
    if (request.end !== undefined) query.set('end_ledger', String(request.end))
    for (const [name, value] of conditions(request.filter, '_')) query.append(name, value === true ? '1' : value)
    const isHeader = this.#transport === 'sse' && request.after !== 'now'
    if (request.after !== undefined && !isHeader) query.set('after', request.after)
    return `${this.#address}/${request.kind}?${query}`
  }

  async *open(request: SourceRequest): AsyncGenerator<unknown[], void, void> {
    const connection = new AbortController()
    const leave = (): void => connection.abort()
    if (request.signal.aborted) return
    request.signal.addEventListener('abort', leave)
    const watch = new Silence(this.#silence, connection)
    try {
      yield* this.#read(request, connection.signal, watch)
    } catch (error) {
      if (request.signal.aborted) return
      if (watch.isOver) throw new UnavailableError(`nothing came for ${this.#silence / 1000} seconds`, { cause: error })
      // The error of fetch for a connection that fails or breaks.
      if (error instanceof SorobanPipesError) throw error
      throw new UnavailableError(`the connection failed: ${reason(error)}`, { cause: error })
    } finally {
      request.signal.removeEventListener('abort', leave)
      watch.stop()
      // Before anything else is awaited, because this ends the body.
      connection.abort()
    }
  }

  async *#read(request: SourceRequest, signal: AbortSignal, watch: Silence): AsyncGenerator<unknown[], void, void> {
    const accepted = KINDS[this.#transport]
    const headers: Record<string, string> = { ...this.#headers, Accept: accepted }
    if (this.#transport === 'sse' && request.after !== undefined && request.after !== 'now') headers['Last-Event-ID'] = request.after
    const body = request.filter.request === undefined ? undefined : JSON.stringify(request.filter.request)
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    const question = body === undefined ? { method: 'GET' as const } : { method: 'POST' as const, body }
    const answer = await this.#ask(this.#target(request), { ...question, headers, signal })
    watch.heard()
    if (answer.status === 204) return
    if (answer.status !== 200) throw await refusal(answer)
    const kind = (answer.header('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()
    if (kind !== accepted) {
      throw new ProtocolError(`the answer is ${kind === '' ? 'of no type' : kind}, not ${accepted}`, { httpStatus: answer.status })
    }
    const decoder = this.#transport === 'sse' ? new EventReader(this.#longest) : new LineReader(this.#longest)
    for await (const value of answer.chunks()) {
      watch.heard()
      request.metrics.bytes += value.length
      decoder.take(value)
      // A slow caller is not a silent service.
      watch.pause()
      if (decoder.records.length > 0) yield decoder.takeRecords()
      watch.resume()
      if (decoder.failure !== undefined) throw decoder.failure
      if (decoder.isOver) return
    }
    if (!decoder.mayEnd) throw new UnavailableError('the stream ended before its end')
  }
}

/** Decodes the records of a body; anything that is not a record ends it. */
abstract class RecordReader {
  records: unknown[] = []
  failure: Error | undefined
  isOver = false

  abstract take(piece: Uint8Array): void
  /** Whether the body may end here. */
  abstract get mayEnd(): boolean

  takeRecords(): unknown[] {
    const records = this.records
    this.records = []
    return records
  }

  protected parse(text: string): unknown {
    try {
      return JSON.parse(text) as unknown
    } catch (error) {
      this.failure = new ProtocolError(`this is not JSON: ${text.slice(0, 200)}`, { cause: error })
      return undefined
    }
  }
}

class LineReader extends RecordReader {
  readonly #lines: LineDecoder

  constructor(longest: number) {
    super()
    this.#lines = new LineDecoder(longest)
  }

  override take(piece: Uint8Array): void {
    for (const line of this.#lines.take(piece)) {
      // An empty line is a heartbeat.
      if (line === '') continue
      const record = this.parse(line)
      if (this.failure !== undefined) return
      if ((record as { _schema?: string } | null)?._schema === ERROR_SCHEMA) {
        this.failure = stageError(record as ErrorMembers)
        return
      }
      this.records.push(record)
    }
  }

  override get mayEnd(): boolean {
    return !this.#lines.isUnfinished
  }
}

class EventReader extends RecordReader {
  readonly #events: EventDecoder

  constructor(longest: number) {
    super()
    this.#events = new EventDecoder(longest)
  }

  override take(piece: Uint8Array): void {
    for (const { event, data } of this.#events.take(piece)) {
      if (event === 'end') {
        this.isOver = true
        return
      }
      const members = this.parse(data)
      if (this.failure !== undefined) return
      if (event === 'error') {
        this.failure = stageError(members as ErrorMembers)
        return
      }
      // Events of another kind may be added.
      if (isRecord(members)) this.records.push(members)
    }
  }

  override get mayEnd(): boolean {
    return false
  }
}

function isRecord(members: unknown): boolean {
  return typeof members === 'object' && members !== null && 'meta' in members
}

/** Aborts a connection that is silent for too long. */
class Silence {
  isOver = false
  readonly #limit: number
  readonly #connection: AbortController
  #last = Date.now()
  #isPaused = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(limit: number, connection: AbortController) {
    this.#limit = limit
    this.#connection = connection
    this.#arm(limit)
  }

  // One timer per stream, not one per piece: it checks the time when it fires.
  #arm(delay: number): void {
    this.#timer = setTimeout(() => {
      const left = this.#isPaused ? this.#limit : this.#last + this.#limit - Date.now()
      if (left > 0) return this.#arm(left)
      this.isOver = true
      this.#connection.abort()
    }, delay)
  }

  heard(): void {
    this.#last = Date.now()
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.heard()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}

function details(members: ErrorMembers): ErrorDetails {
  return { tool: members.tool, status: members.tool_status ?? members.status, ledger: members.ledger ?? undefined }
}

function stageError(members: ErrorMembers): StageError {
  return new StageError(members.message ?? 'a filter failed', details(members))
}

async function refusal(answer: Answer): Promise<SorobanPipesError> {
  let members: ErrorMembers = {}
  try {
    members = (JSON.parse(await textOf(answer)) as { error?: ErrorMembers }).error ?? {}
  } catch {
    // An error page of a proxy.
  }
  const status = answer.status
  const message = members.message ?? `status ${status}`
  const known = { ...details(members), httpStatus: status }
  if (status === 410) return new GoneError(message, { ...known, firstLedger: members.first_ledger, lastLedger: members.last_ledger })
  if (status === 500 && members.tool !== undefined) return new StageError(message, known)
  if (TRANSIENT.has(status)) {
    return new UnavailableError(message, { ...known, retryAfter: retryAfter(answer.header('retry-after'), Date.now()) })
  }
  return new RequestError(message, known)
}

/** The body of an error response, up to the maximum length of such a body. */
async function textOf(answer: Answer): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const piece of answer.chunks()) {
    text += decoder.decode(piece, { stream: true })
    if (text.length > LONGEST_ERROR) break
  }
  return text
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}
