import { ProtocolError } from './errors.js'

export type Kind = 'invocations' | 'events'

/** The members of a record, in any style, that determine its position. */
interface Positioned {
  meta?: { toid?: string | null; ledger_sequence?: number; ledgerSequence?: number; txIndex?: number; opIndex?: number }
  event?: { id?: string | null }
}

/** The id of a record, after which a stream can resume. Events of a pipeline may have none; then it is undefined. */
export function idOf(record: unknown, kind: Kind): string | undefined {
  const { meta, event } = record as Positioned
  if (kind === 'events') {
    if (typeof event?.id === 'string') return event.id
    if (event !== undefined) return undefined
  } else if (typeof meta?.toid === 'string') {
    return meta.toid
  } else if (typeof meta?.ledgerSequence === 'number') {
    // The style proto omits zeros.
    return String((BigInt(meta.ledgerSequence) << 32n) + (BigInt(meta.txIndex ?? 0) << 12n) + BigInt(meta.opIndex ?? 0) + 1n)
  }
  throw new ProtocolError(`this is not a record of ${kind}: ${JSON.stringify(record)?.slice(0, 200)}`)
}

/** The ledger of an id. */
export function ledgerOf(id: string): number {
  return Number(BigInt(id.slice(0, id.includes('-') ? id.indexOf('-') : undefined)) >> 32n)
}

/** The ledger of a record. */
export function ledgerOfRecord(record: unknown): number | undefined {
  const { meta } = record as Positioned
  return meta?.ledger_sequence ?? meta?.ledgerSequence
}

/** Whether a decimal number is greater than another. */
function isGreater(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length
}

/** Recognises records that were already handed out, after a stream was resumed. */
export class Seen {
  readonly #kind: Kind
  #last: string | undefined
  /** The ledger of the last ids: events of a ledger are not in the order of their ids. */
  #ledger = ''
  #ids = new Set<string>()

  constructor(kind: Kind, after: string | undefined) {
    this.#kind = kind
    this.#last = after
  }

  has(id: string): boolean {
    if (this.#kind === 'events') return this.#ids.has(id) || id === this.#last
    return this.#last !== undefined && !isGreater(id, this.#last)
  }

  add(id: string): void {
    this.#last = id
    if (this.#kind !== 'events') return
    const ledger = String(ledgerOf(id))
    if (ledger !== this.#ledger) {
      this.#ledger = ledger
      this.#ids.clear()
    }
    this.#ids.add(id)
  }
}

/**
 * Omits the events of a ledger up to the last one that was handed out. The events of a ledger are not in the order of their ids.
 * If that event is missing, because it was selected by other conditions, events with greater ids pass.
 */
export class Behind {
  readonly #seen: string
  readonly #ledger: number
  #held: unknown[] = []
  #isOver = false

  constructor(seen: string) {
    this.#seen = seen
    this.#ledger = ledgerOf(seen)
  }

  take(records: unknown[]): unknown[] {
    if (this.#isOver) return records
    for (const [index, record] of records.entries()) {
      const { meta, event } = record as { meta: { ledger_sequence: number }; event: { id: string } }
      if (event.id === this.#seen) {
        this.#isOver = true
        return records.slice(index + 1)
      }
      if (meta.ledger_sequence !== this.#ledger) return [...this.end(), ...records.slice(index)]
      if (event.id > this.#seen) this.#held.push(record)
    }
    return []
  }

  end(): unknown[] {
    if (this.#isOver) return []
    this.#isOver = true
    return this.#held
  }
}
