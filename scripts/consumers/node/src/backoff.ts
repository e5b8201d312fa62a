export interface BackoffOptions {
  /** The first delay in milliseconds; default 500. */
  base?: number
  /** The longest delay; default 30 000. */
  cap?: number
  /** How long a stream must work before the delays start again; default 0: until its first record. */
  resetAfter?: number
  /** The largest Retry-After that is honoured; default 300 000. */
  longestRetryAfter?: number
  /** From 0 to 1; default Math.random. */
  random?: () => number
}

/**
 * Computes the delay before the next attempt: between half and all of `base` × 2^n, at most `cap`. Callers pass all times, in
 * milliseconds; it reads no clock.
 */
export class Backoff {
  readonly #base: number
  readonly #cap: number
  readonly #resetAfter: number
  readonly #longest: number
  readonly #random: () => number
  #attempts = 0
  #goodSince: number | undefined

  constructor(options: BackoffOptions = {}) {
    this.#base = options.base ?? 500
    this.#cap = options.cap ?? 30_000
    this.#resetAfter = options.resetAfter ?? 0
    this.#longest = options.longestRetryAfter ?? 300_000
    this.#random = options.random ?? Math.random
  }

  /** Called when records arrive. */
  good(now: number): void {
    this.#goodSince ??= now
  }

  /** The delay before the next attempt, at least the time that the service asked for. */
  next(now: number, retryAfter = 0): number {
    if (this.#goodSince !== undefined && now - this.#goodSince >= this.#resetAfter) this.#attempts = 0
    this.#goodSince = undefined
    // Above 2^30 every delay exceeds the cap.
    const full = Math.min(this.#cap, this.#base * 2 ** Math.min(this.#attempts, 30))
    this.#attempts += 1
    return Math.max(full * (0.5 + this.#random() / 2), Math.min(retryAfter, this.#longest))
  }
}

/** The milliseconds of a Retry-After header: seconds, or a date; undefined for anything else. */
export function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined
  if (/^[0-9]+$/.test(value)) return Number(value) * 1000
  // A date begins with the name of a day; Date.parse accepts much more.
  const date = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** Waits; returns early, without an error, if the signal is aborted. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })
}
