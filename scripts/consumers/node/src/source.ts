import type { Filter } from './filter.js'
import type { Metrics } from './metrics.js'
import type { Kind } from './position.js'

/** The styles of values: those of `scval-json --style`, and raw. */
export type Style = 'raw' | 'sep51' | 'native' | 'proto'

/** One attempt to read a stream. */
export interface SourceRequest {
  kind: Kind
  filter: Filter
  start: number | undefined
  end: number | undefined
  follow: boolean
  /** The id of the record to resume after; `now` for later records only. */
  after: string | undefined
  signal: AbortSignal
  metrics: Metrics
}

/** A source of records. */
export interface Source {
  /** Whether a broken stream can be resumed after a record, which requires records in the order of the chain. */
  canResume(request: SourceRequest): boolean
  /** The parsed records, in batches as they arrive. Returns only at the regular end; any other end throws. */
  open(request: SourceRequest): AsyncIterable<unknown[]>
}

/** The schema of a line that reports an error within a stream. */
export const ERROR_SCHEMA = 'soroban-pipes.error.v1'

/** The maximum length of a line or event, in bytes, as in the filters. */
export const LONGEST = 256 << 20
