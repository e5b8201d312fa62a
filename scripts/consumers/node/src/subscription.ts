import type { RecordStream, Status } from './stream.js'

/** The callbacks of a subscription. A handler may return a promise: the next record waits for it. */
export interface Handlers<T> {
  record?: (record: T) => unknown
  /** Called last, instead of `end`: with a failure of the stream, or an error of a handler. */
  error?: (error: Error) => unknown
  /** The stream has ended, or was unsubscribed. */
  end?: () => unknown
  /** Called at each change, with the error that caused it. */
  status?: (status: Status | 'paused', error: Error | undefined) => unknown
}

/** Passes records to handlers, one after the other. */
export class Subscription<T> {
  /**
   * Settles at the end: rejects with the failure, unless there is an error handler. Without one, and if nobody awaits this
   * promise, a failure is an unhandled rejection, like an `error` event without a listener.
   */
  readonly done: Promise<void>
  readonly #stream: RecordStream<T>
  readonly #handlers: { [K in keyof Handlers<T>]-?: NonNullable<Handlers<T>[K]>[] } = { record: [], error: [], end: [], status: [] }
  #pause: { promise: Promise<void>; resume: () => void } | undefined
  #isOver = false

  constructor(stream: RecordStream<T>, handlers: Handlers<T>) {
    this.#stream = stream
    for (const name of ['record', 'error', 'end', 'status'] as const) {
      const handler = handlers[name]
      if (handler !== undefined) this.on(name, handler as never)
    }
    stream.onStatus((status, error) => this.#tell(status, error))
    // Handlers can be added before the first record.
    this.done = Promise.resolve().then(() => this.#run())
  }

  /** Adds a handler. */
  on<K extends keyof Handlers<T>>(name: K, handler: NonNullable<Handlers<T>[K]>): this {
    ;(this.#handlers[name] as unknown[]).push(handler)
    return this
  }

  /** Removes a handler. */
  off<K extends keyof Handlers<T>>(name: K, handler: NonNullable<Handlers<T>[K]>): this {
    const handlers = this.#handlers[name]
    const index = (handlers as unknown[]).indexOf(handler)
    if (index >= 0) handlers.splice(index, 1)
    return this
  }

  get status(): Status | 'paused' {
    return this.#pause !== undefined && !this.#isOver ? 'paused' : this.#stream.status
  }

  /** The id of the last record whose handlers have returned. */
  get position(): string | undefined {
    return this.#stream.position
  }

  /** Calls no handler until `resume`, which continues with the next record. Meanwhile the source waits. */
  pause(): void {
    if (this.#pause !== undefined || this.#isOver) return
    let resume = (): void => {}
    const promise = new Promise<void>((resolve) => {
      resume = resolve
    })
    this.#pause = { promise, resume }
    this.#tell('paused', undefined)
  }

  resume(): void {
    const pause = this.#pause
    if (pause === undefined) return
    this.#pause = undefined
    pause.resume()
    this.#tell(this.#stream.status, undefined)
  }

  /** Ends it: when the promise is fulfilled, connections are closed and child processes have ended. */
  async unsubscribe(): Promise<void> {
    this.#stream.close()
    this.#pause?.resume()
    await this.done.catch(() => {})
  }

  #tell(status: Status | 'paused', error: Error | undefined): void {
    for (const handler of [...this.#handlers.status]) handler(status, error)
  }

  async #run(): Promise<void> {
    try {
      for await (const record of this.#stream) {
        while (this.#pause !== undefined && !this.#stream.isClosing) await this.#pause.promise
        if (this.#stream.isClosing) break
        for (const handler of [...this.#handlers.record]) {
          const result = handler(record)
          if (result instanceof Promise) await result
        }
      }
      this.#isOver = true
      for (const handler of [...this.#handlers.end]) await handler()
    } catch (error) {
      this.#isOver = true
      this.#stream.close()
      if (this.#handlers.error.length === 0) throw error
      for (const handler of [...this.#handlers.error]) await handler(error as Error)
    }
  }
}
