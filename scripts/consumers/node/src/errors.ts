/** The members of an error within a stream, or of the body of an error response. */
export interface ErrorDetails {
  /** The filter that failed. */
  tool?: string | undefined
  /** Its exit status: 2 wrong usage, 3 bad data, 4 file trouble, 128 and above: ended by a signal. */
  status?: number | undefined
  /** The ledger that it was processing. */
  ledger?: number | undefined
  /** The status of the HTTP response. */
  httpStatus?: number | undefined
  cause?: unknown
}

/** The base class of all errors of this package. `message` is the tool's own. */
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

/** The request is wrong, such as a filter that the tools reject or an unknown address. It is not retried. */
export class RequestError extends SorobanPipesError {}

/** The range begins before the first ledger of the service. It is not retried. */
export class GoneError extends SorobanPipesError {
  readonly firstLedger: number | undefined
  readonly lastLedger: number | undefined

  constructor(message: string, details: ErrorDetails & { firstLedger?: number | undefined; lastLedger?: number | undefined } = {}) {
    super(message, details)
    this.firstLedger = details.firstLedger
    this.lastLedger = details.lastLedger
  }
}

/** The response is not what was requested: another content type, invalid JSON, a record without an id. It is not retried. */
export class ProtocolError extends SorobanPipesError {}

/** A filter failed: tool, status and ledger say which, how and where. It is retried if the source supports that. */
export class StageError extends SorobanPipesError {}

/** No connection, a broken or silent one, or a service that is busy. It is retried. */
export class UnavailableError extends SorobanPipesError {
  /** The delay that the service asked for, in milliseconds. */
  readonly retryAfter: number | undefined

  constructor(message: string, details: ErrorDetails & { retryAfter?: number | undefined } = {}) {
    super(message, details)
    this.retryAfter = details.retryAfter
  }
}

/** Whether another attempt can succeed. */
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
