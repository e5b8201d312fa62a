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

/** What an invocation is in each of the styles. */
export interface Invocations {
  raw: ContractInvocation<RawValue>
  sep51: ContractInvocation<SCVal>
  native: ContractInvocation<NativeValue>
  proto: ContractInvocationEvent
}

/** What an event is in each of the styles. */
export interface Events {
  raw: ContractEventRecord<RawValue>
  sep51: ContractEventRecord<SCVal>
  native: ContractEventRecord<NativeValue>
  proto: never
}

/** Invocations and events, from one of three sources. `S` is the style of their values. */
export class InvocationClient<S extends Style = 'native'> {
  readonly metrics = new Metrics()
  readonly #source: Source
  readonly #surroundings: Surroundings

  constructor(source: Source, surroundings: Surroundings = SURROUNDINGS) {
    this.#source = source
    this.#surroundings = surroundings
  }

  /**
   * From programs that write records as lines: one list of arguments for each, without a shell. `pipelineOf` makes the usual ones. What is
   * asked of a stream becomes options of the filters among them.
   */
  static fromPipeline<S extends Style = 'native'>(...stages: readonly (readonly string[])[]): InvocationClient<S> {
    return new InvocationClient<S>(new PipelineSource(stages))
  }

  /** From lines that another program writes, such as `process.stdin` at the end of a pipeline in a shell. */
  static fromInput<S extends Style = 'native'>(input: AsyncIterable<Uint8Array>): InvocationClient<S> {
    return new InvocationClient<S>(new InputSource(input))
  }

  /** From soroban-serve at this address. */
  static fromService<S extends Style = 'native'>(address: string | URL, options: ServiceOptions & { style?: S } = {}): InvocationClient<S> {
    return new InvocationClient<S>(new ServiceSource(address, options))
  }

  /** From ledgers, in this process: compressed or not, as files, objects of a data lake and answers of RPC servers have them. */
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

  /** Hands invocations to handlers. */
  subscribe(options: StreamOptions, handlers: Handlers<Invocations[S]> = {}): Subscription<Invocations[S]> {
    return new Subscription(this.invocations(options), handlers)
  }

  /** Hands events to handlers. */
  subscribeEvents(options: StreamOptions, handlers: Handlers<Events[S]> = {}): Subscription<Events[S]> {
    return new Subscription(this.events(options), handlers)
  }
}
