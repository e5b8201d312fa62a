import { InputSource } from './input.js'
import { Metrics } from './metrics.js'
import { PipelineSource } from './pipeline.js'
import type { ContractInvocationEvent } from './proto.js'
import type { ContractEventRecord, ContractInvocation, NativeValue, RawValue, SCVal } from './records.js'
import { ServiceSource, type ServiceOptions } from './service.js'
import type { Source, Style } from './source.js'
import { RecordStream, SURROUNDINGS, type StreamOptions, type Surroundings } from './stream.js'
import { Subscription, type Handlers } from './subscription.js'
import { WasmSource, type LedgerInput, type WasmOptions } from './wasm.js'

/** The type of an invocation in each style. */
export interface Invocations {
  raw: ContractInvocation<RawValue>
  sep51: ContractInvocation<SCVal>
  native: ContractInvocation<NativeValue>
  proto: ContractInvocationEvent
}

/** The type of an event in each style. */
export interface Events {
  raw: ContractEventRecord<RawValue>
  sep51: ContractEventRecord<SCVal>
  native: ContractEventRecord<NativeValue>
  proto: never
}

/** Invocations and events, from one of several sources. `S` is the style of their values. */
export class InvocationClient<S extends Style = 'native'> {
  readonly metrics = new Metrics()
  readonly #source: Source
  readonly #surroundings: Surroundings

  constructor(source: Source, surroundings: Surroundings = SURROUNDINGS) {
    this.#source = source
    this.#surroundings = surroundings
  }

  /**
   * Reads from programs that write records as lines: one list of arguments for each, without a shell. `pipelineOf` makes the
   * usual ones. The options of a stream become options of the filters in the pipeline.
   */
  static fromPipeline<S extends Style = 'native'>(...stages: readonly (readonly string[])[]): InvocationClient<S> {
    return new InvocationClient<S>(new PipelineSource(stages))
  }

  /** Reads lines that another program writes, such as `process.stdin` at the end of a shell pipeline. */
  static fromInput<S extends Style = 'native'>(input: AsyncIterable<Uint8Array>): InvocationClient<S> {
    return new InvocationClient<S>(new InputSource(input))
  }

  /** Reads from soroban-serve at this address. */
  static fromService<S extends Style = 'native'>(address: string | URL, options: ServiceOptions & { style?: S } = {}): InvocationClient<S> {
    return new InvocationClient<S>(new ServiceSource(address, options))
  }

  /** Reads ledgers in this process: compressed or not, as files, objects of a data lake or responses of RPC servers. */
  static fromWasm<S extends Style = 'native'>(ledgers: LedgerInput, options: WasmOptions & { style?: S }): InvocationClient<S> {
    return new InvocationClient<S>(new WasmSource(ledgers, options))
  }

  /** A stream of invocations, to be read in a loop. */
  invocations(options: StreamOptions = {}): RecordStream<Invocations[S]> {
    return new RecordStream('invocations', this.#source, options, this.metrics, this.#surroundings)
  }

  /** A stream of events. */
  events(options: StreamOptions = {}): RecordStream<Events[S]> {
    return new RecordStream('events', this.#source, options, this.metrics, this.#surroundings)
  }

  /** Passes invocations to handlers. */
  subscribe(options: StreamOptions, handlers: Handlers<Invocations[S]> = {}): Subscription<Invocations[S]> {
    return new Subscription(this.invocations(options), handlers)
  }

  /** Passes events to handlers. */
  subscribeEvents(options: StreamOptions, handlers: Handlers<Events[S]> = {}): Subscription<Events[S]> {
    return new Subscription(this.events(options), handlers)
  }
}
