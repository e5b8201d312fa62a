/** What the members of an error in band, or of the body of an answer, tell. */
export interface ErrorDetails {
  /** The filter that failed. */
  tool?: string | undefined
  /** Its exit status: 2 wrong usage, 3 bad data, 4 file trouble, 128 and more: ended by a signal. */
  status?: number | undefined
  /** The ledger that it was at. */
  ledger?: number | undefined
  /** The status of the HTTP answer. */
  httpStatus?: number | undefined
  cause?: unknown
}

/** What all errors of this package have. `message` is the tool's own. */
export class SorobanPipesError extends Error {
  readonly tool: string | undefined
  readonly status: number | undefined
  readonly ledger: number | undefined
  readonly httpStatus: number | undefined

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.tool = details.tool
    this.status = details.status
    this.ledger = details.ledger
    this.httpStatus = details.httpStatus
  }
}

/** What was asked for is wrong: a filter that the tools refuse, an unknown address. Not tried again. */
export class RequestError extends SorobanPipesError {}

/** The range begins before the first ledger that the service holds. Not tried again. */
export class GoneError extends SorobanPipesError {
  readonly firstLedger: number | undefined
  readonly lastLedger: number | undefined

  constructor(message: string, details: ErrorDetails & { firstLedger?: number | undefined; lastLedger?: number | undefined } = {}) {
    super(message, details)
    this.firstLedger = details.firstLedger
    this.lastLedger = details.lastLedger
  }
}

/** What came is not what was asked for: another content type, no JSON, a record without an id. Not tried again. */
export class ProtocolError extends SorobanPipesError {}

/** A filter failed: tool, status and ledger say which, how and where. Tried again where the source can. */
export class StageError extends SorobanPipesError {}

/** No connection, a broken or silent one, or a service that is busy. Tried again. */
export class UnavailableError extends SorobanPipesError {
  /** What the service asked to wait, in milliseconds. */
  readonly retryAfter: number | undefined

  constructor(message: string, details: ErrorDetails & { retryAfter?: number | undefined } = {}) {
    super(message, details)
    this.retryAfter = details.retryAfter
  }
}

/** Whether another attempt can end otherwise. */
export function isTransient(error: unknown): boolean {
  return error instanceof UnavailableError || error instanceof StageError
}

/** The name of an error's class in counters. */
export function classOf(error: unknown): string {
  if (error instanceof RequestError) return 'request'
  if (error instanceof GoneError) return 'gone'
  if (error instanceof ProtocolError) return 'protocol'
  if (error instanceof StageError) return 'stage'
  if (error instanceof UnavailableError) return 'unavailable'
  return 'other'
}
