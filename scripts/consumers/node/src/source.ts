import type { Filter } from './filter.js'
import type { Metrics } from './metrics.js'
import type { Kind } from './position.js'

/** The styles of values: as `scval-json --style` has them, and raw. */
export type Style = 'raw' | 'sep51' | 'native' | 'proto'

/** One attempt to read a stream. */
export interface SourceRequest {
  kind: Kind
  filter: Filter
  start: number | undefined
  end: number | undefined
  follow: boolean
  /** The id of the record to go on after; `now` for what is yet to come. */
  after: string | undefined
  signal: AbortSignal
  metrics: Metrics
}

/** Where records come from. */
export interface Source {
  /** Whether a stream that broke can be begun again behind a record, which takes records in the order of the chain. */
  canResume(request: SourceRequest): boolean
  /** The records, parsed, in batches as they come. Returns at the true end only; whatever else ends it is thrown. */
  open(request: SourceRequest): AsyncIterable<unknown[]>
}

/** The parts of a record's line that tell an error in band. */
export const ERROR_SCHEMA = 'soroban-pipes.error.v1'

/** The longest line or event, in bytes: that of the filters. */
export const LONGEST = 256 << 20
