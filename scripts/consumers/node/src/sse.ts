import { ProtocolError } from './errors.js'
import { ascii } from './text.js'

/** One event of a stream, as the standard dispatches it. */
export interface ServerSentEvent {
  event: string
  data: string
  /** The last id, of this event or an earlier one. */
  id: string
}

/**
 * Decodes server-sent events (HTML, section 9.2.6), independent of the piece sizes. Unknown and invalid fields are ignored; an
 * event without its final empty line is dropped together with its id.
 */
export class EventDecoder {
  readonly #decoder = new TextDecoder('utf-8')
  readonly #longest: number
  #mayHold = true
  #parts: string[] = []
  #length = 0
  /** The last piece ended with CR: a LF that follows belongs to it. */
  #endedWithReturn = false
  #data: string[] = []
  #dataLength = 0
  #event = ''
  #id = ''
  #lastId = ''

  constructor(longest: number) {
    this.#longest = longest
  }

  /** The events that end in this piece. */
  take(piece: Uint8Array): ServerSentEvent[] {
    // The decoder may hold the beginning of a character from the last piece.
    const plain = ascii(piece)
    let text = plain !== undefined && !this.#mayHold ? plain : this.#decoder.decode(piece, { stream: true })
    this.#mayHold = plain === undefined
    if (text === '') return []
    if (this.#endedWithReturn && text.startsWith('\n')) text = text.slice(1)
    this.#endedWithReturn = text.endsWith('\r')
    const lines = text.includes('\r') ? text.split(/\r\n|\r|\n/) : text.split('\n')
    const rest = lines.pop() ?? ''
    const found: ServerSentEvent[] = []
    for (const line of lines) {
      let whole = line
      if (this.#length > 0) {
        this.#parts.push(line)
        whole = this.#parts.join('')
        this.#parts = []
        this.#length = 0
      }
      this.#line(whole, found)
    }
    if (rest !== '') {
      this.#parts.push(rest)
      this.#length += rest.length
      this.#limit()
    }
    return found
  }

  #limit(): void {
    if (this.#length + this.#dataLength > this.#longest) throw new ProtocolError(`an event is longer than ${this.#longest} characters`)
  }

  #line(line: string, found: ServerSentEvent[]): void {
    if (line === '') {
      this.#lastId = this.#id
      // An event without data is not dispatched, but its id counts.
      if (this.#data.length > 0) {
        const data = this.#data.length === 1 ? this.#data[0]! : this.#data.join('\n')
        found.push({ event: this.#event === '' ? 'message' : this.#event, data, id: this.#lastId })
      }
      this.#data = []
      this.#dataLength = 0
      this.#event = ''
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return
    const name = colon < 0 ? line : line.slice(0, colon)
    const start = line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1
    const value = colon < 0 ? '' : line.slice(start)
    switch (name) {
      case 'data':
        this.#data.push(value)
        // Including the separator: lines without data also count.
        this.#dataLength += value.length + 1
        this.#limit()
        break
      case 'event':
        this.#event = value
        break
      case 'id':
        if (!value.includes('\0')) this.#id = value
        break
      // The client computes the delay itself; other fields come from a later version.
      default:
    }
  }
}
