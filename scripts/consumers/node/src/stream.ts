import { Backoff, sleep } from './backoff.js'
import { classOf, isTransient, RequestError, UnavailableError } from './errors.js'
import type { Filter } from './filter.js'
import type { Metrics } from './metrics.js'
import { idOf, ledgerOfRecord, Seen, type Kind } from './position.js'
import type { Source, SourceRequest } from './source.js'

/** The options of a stream. */
export interface StreamOptions {
  filter?: Filter
  /** The first and the last ledger, both included. */
  start?: number
  end?: number
  /** Continue with ledgers as they arrive, endlessly unless `end` is set. A service follows whenever there is no `end`. */
  follow?: boolean
  /** Resume after the record with this id: a `position`. `now` (service only): only later records. */
  after?: string
  /** Ends the stream, without an error. */
  signal?: AbortSignal
  /** The number of consecutive attempts without a record after which the stream fails; default 10, or Infinity with `follow`. */
  maxRetries?: number
  backoff?: Backoff
}

export type Status = 'idle' | 'connecting' | 'streaming' | 'waiting' | 'ended' | 'failed' | 'closed'

/** The external functions of a stream; tests replace them. */
export interface Surroundings {
  now(): number
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

export const SURROUNDINGS: Surroundings = { now: () => Date.now(), sleep }

/**
 * One stream of records: `for await (const record of stream)`. It can be read once. After a broken connection it reconnects, and
 * resumes after the last record that is done; no record is lost or repeated.
 */
export class RecordStream<T> implements AsyncIterable<T> {
  readonly kind: Kind
  readonly #source: Source
  readonly #options: StreamOptions
  readonly #metrics: Metrics
  readonly #surroundings: Surroundings
  readonly #abort = new AbortController()
  readonly #backoff: Backoff
  #position: string | undefined
  #status: Status = 'idle'
  #lastError: Error | undefined
  #watchers: ((status: Status, error: Error | undefined) => void)[] = []

  constructor(kind: Kind, source: Source, options: StreamOptions, metrics: Metrics, surroundings: Surroundings) {
    this.kind = kind
    this.#source = source
    this.#options = options
    this.#metrics = metrics
    this.#surroundings = surroundings
    this.#backoff = options.backoff ?? new Backoff()
    this.#position = options.after === 'now' ? undefined : options.after
  }

  /**
   * The id of the last record that is done: in a loop, asking for the next record marks the previous one as done. Store it, and
   * pass it as `after` to resume in another process: after a crash a record can be repeated, with the same id, but none is
   * missing.
   */
  get position(): string | undefined {
    return this.#position
  }

  get status(): Status {
    return this.#status
  }

  /** The last error, including one that was retried. */
  get lastError(): Error | undefined {
    return this.#lastError
  }

  /** Calls the watcher at each change of the status. */
  onStatus(watcher: (status: Status, error: Error | undefined) => void): void {
    this.#watchers.push(watcher)
  }

  /** Ends the stream from outside: the connection is closed, child processes are ended, and the loop ends without an error. */
  close(): void {
    this.#abort.abort()
  }

  /** Whether it was closed, by `close` or the signal. */
  get isClosing(): boolean {
    return this.#abort.signal.aborted
  }

  #become(status: Status, error?: Error): void {
    this.#status = status
    if (error !== undefined) this.#lastError = error
    for (const watcher of this.#watchers) watcher(status, error)
  }

  [Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    return this.#records()
  }

  #begin(): () => void {
    if (this.#status !== 'idle') throw new RequestError('a stream can be read once; ask the client for another')
    const given = this.#options.signal
    const leave = (): void => this.#abort.abort()
    if (given?.aborted === true) leave()
    given?.addEventListener('abort', leave)
    this.#metrics.openStreams += 1
    return leave
  }

  #finish(leave: () => void): void {
    // The caller left the loop.
    if (!['ended', 'failed', 'closed'].includes(this.#status)) this.#become('closed')
    this.#abort.abort()
    this.#options.signal?.removeEventListener('abort', leave)
    this.#metrics.openStreams -= 1
  }

  /** All records of all attempts. A single generator, because every record waits for each nested one. */
  async *#records(): AsyncGenerator<T, void, void> {
    const leave = this.#begin()
    const { signal } = this.#abort
    const metrics = this.#metrics
    const seen = new Seen(this.kind, this.#position)
    const filter = this.#options.filter ?? {}
    const mostRetries = this.#options.maxRetries ?? (this.#options.follow === true ? Infinity : 10)
    let left = filter.maxCount
    let failures = 0
    try {
      for (let attempt = 0; !signal.aborted; attempt += 1) {
        this.#become('connecting')
        metrics.attempts += 1
        if (attempt > 0) metrics.reconnects += 1
        let hasProgress = false
        const request = this.#request(left === undefined ? filter : { ...filter, maxCount: left })
        try {
          for await (const batch of this.#source.open(request)) {
            if (this.#status === 'connecting') this.#become('streaming')
            for (const record of batch) {
              const id = idOf(record, this.kind)
              // Only a resumed stream can repeat a record; the first attempt may read ledgers in any order.
              if (attempt > 0 && id !== undefined && seen.has(id)) {
                metrics.duplicates[this.kind] += 1
                continue
              }
              if (!hasProgress) {
                hasProgress = true
                this.#backoff.good(this.#surroundings.now())
              }
              if (signal.aborted) return
              yield record as T
              // The caller asks for more, so this record is done.
              if (id !== undefined) {
                seen.add(id)
                this.#position = id
              }
              metrics.records[this.kind] += 1
              metrics.lastLedger = ledgerOfRecord(record) ?? metrics.lastLedger
              metrics.lastRecordTime = this.#surroundings.now()
              if (left !== undefined && (left -= 1) === 0) return this.#end()
            }
          }
          return this.#end()
        } catch (error) {
          if (signal.aborted) return
          metrics.errors.set(classOf(error), (metrics.errors.get(classOf(error)) ?? 0) + 1)
          failures = hasProgress ? 1 : failures + 1
          if (!isTransient(error) || !this.#source.canResume(request) || failures > mostRetries) throw error
          // A stream cannot resume after events without an id.
          if (hasProgress && this.#position === undefined) throw error
          const asked = error instanceof UnavailableError ? error.retryAfter : undefined
          const delay = this.#backoff.next(this.#surroundings.now(), asked)
          this.#become('waiting', error as Error)
          await this.#surroundings.sleep(delay, signal)
        }
      }
    } catch (error) {
      this.#become('failed', error as Error)
      throw error
    } finally {
      this.#finish(leave)
    }
  }

  #end(): void {
    this.#become(this.#abort.signal.aborted ? 'closed' : 'ended')
  }

  #request(filter: Filter): SourceRequest {
    const { start, end, follow, after } = this.#options
    return {
      kind: this.kind, filter, start, end, follow: follow ?? false, after: this.#position ?? after,
      signal: this.#abort.signal, metrics: this.#metrics,
    }
  }
}
