import { RequestError, SorobanPipesError, StageError } from './errors.js'
import { conditions, wantsFootprints } from './filter.js'
import { LineDecoder } from './lines.js'
import { Behind, ledgerOf } from './position.js'
import { LONGEST, type Source, type SourceRequest, type Style } from './source.js'

/** Ledgers: all at once, in pieces, or a function that returns them again for each stream. */
export type LedgerInput =
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>
  | (() => LedgerInput | Promise<LedgerInput>)

/** An instance of the module, as `load` of scripts/consumers/module/soroban.js returns it. */
export interface SorobanModule {
  pipe(options: object, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ReadableStream<Uint8Array>): AsyncIterable<Uint8Array>
}

export interface WasmOptions {
  /** The module, or a promise of it: `load(fetch('soroban.wasm'))`. */
  module: SorobanModule | PromiseLike<SorobanModule>
  /** The format of values; default native. */
  style?: Style
  /** pubnet (the default), testnet, futurenet, local or a passphrase. */
  network?: string
  /** The name of the input in messages. */
  name?: string
}

/** Records that the module makes from ledgers, in this process. */
export class WasmSource implements Source {
  readonly #input: LedgerInput
  readonly #options: WasmOptions
  #isUsed = false

  constructor(input: LedgerInput, options: WasmOptions) {
    this.#input = input
    this.#options = options
  }

  #moduleOptions(request: SourceRequest): object {
    const { filter, kind, after } = request
    if (request.follow || after === 'now') throw new RequestError('the ledgers that the module reads have an end: nothing is followed')
    const start = Math.max(request.start ?? 0, after === undefined ? 0 : ledgerOf(after))
    const wanted: Record<string, true | number | string | string[]> = {}
    // The stream itself counts records.
    const { maxCount: _, ...others } = filter
    for (const [name, value] of conditions(others, '-')) {
      const before = wanted[name]
      if (name === 'min-args' || name === 'max-args') wanted[name] = Number(value)
      else if (value === true || before === undefined || before === true || typeof before === 'number') wanted[name] = value
      else wanted[name] = [...(Array.isArray(before) ? before : [before]), value]
    }
    const { style, network, name } = this.#options
    return {
      mode: kind, style: style ?? 'native', conditions: wanted,
      ...(network === undefined ? {} : { network }), ...(name === undefined ? {} : { name }),
      ...(start > 0 || request.end !== undefined ? { ledgers: `${start > 0 ? start : ''}-${request.end ?? ''}` } : {}),
      ...(kind === 'invocations' && after !== undefined ? { after } : {}),
      ...(kind === 'invocations' && wantsFootprints(filter) ? { footprintOps: true } : {}),
      ...(filter.request === undefined ? {} : { request: filter.request }),
    }
  }

  canResume(): boolean {
    return false
  }

  async *open(request: SourceRequest): AsyncGenerator<unknown[], void, void> {
    const options = this.#moduleOptions(request)
    const soroban = await this.#options.module
    const lines = new LineDecoder(LONGEST)
    const behind = request.kind === 'events' && request.after !== undefined ? new Behind(request.after) : undefined
    try {
      for await (const piece of soroban.pipe(options, await this.#bytes())) {
        if (request.signal.aborted) return
        request.metrics.bytes += piece.length
        const records = lines.take(piece).map((line) => JSON.parse(line) as unknown)
        yield behind === undefined ? records : behind.take(records)
      }
      yield behind?.end() ?? []
    } catch (error) {
      // A SorobanError, whose class belongs to another package.
      if (!(error instanceof Error) || error instanceof SorobanPipesError || !('status' in error)) throw error
      const { message, status, ledger } = error as Error & { status: number; ledger?: number | null }
      const details = { status, ledger: ledger ?? undefined, cause: error }
      throw status === 2 ? new RequestError(message, details) : new StageError(message, details)
    }
  }

  async #bytes(): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ReadableStream<Uint8Array>> {
    let input = this.#input
    if (typeof input === 'function') {
      while (typeof input === 'function') input = await input()
    } else if (!(input instanceof Uint8Array || input instanceof ArrayBuffer || input instanceof Blob)) {
      if (this.#isUsed) throw new RequestError('these ledgers were read; give a function that returns them to read them again')
      this.#isUsed = true
    }
    if (input instanceof Uint8Array) return [input]
    if (input instanceof ArrayBuffer) return [new Uint8Array(input)]
    if (input instanceof Blob) return input.stream()
    return input
  }
}
