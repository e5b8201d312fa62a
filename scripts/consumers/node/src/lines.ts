import { ProtocolError } from './errors.js'

const NEWLINE = 10

/** Bytes to lines, whatever the pieces. A line ends with LF; a CR before it belongs to the end. */
export class LineDecoder {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #longest: number
  #rest: Uint8Array[] = []
  #restLength = 0
  #isFirst = true

  constructor(longest: number) {
    this.#longest = longest
  }

  /** Whether a line has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#restLength > 0
  }

  /** The lines that end in this piece, without their ends. */
  take(piece: Uint8Array): string[] {
    const end = piece.lastIndexOf(NEWLINE) + 1
    if (end === 0) {
      this.#keep(piece)
      return []
    }
    let whole = piece.subarray(0, end - 1)
    if (this.#restLength > 0) {
      // Joined once, however many pieces there are: the time stays linear.
      const joined = new Uint8Array(this.#restLength + whole.length)
      let at = 0
      for (const part of [...this.#rest, whole]) {
        joined.set(part, at)
        at += part.length
      }
      whole = joined
      this.#rest = []
      this.#restLength = 0
    }
    if (end < piece.length) this.#keep(piece.subarray(end))
    let text = this.#decoder.decode(whole)
    if (this.#isFirst) {
      this.#isFirst = false
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
    }
    const lines = text.split('\n')
    if (text.includes('\r')) {
      for (const [index, line] of lines.entries()) if (line.endsWith('\r')) lines[index] = line.slice(0, -1)
    }
    return lines
  }

  #keep(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.#restLength += piece.length
    if (this.#restLength > this.#longest) throw new ProtocolError(`a line is longer than ${this.#longest} bytes`)
    // A copy: a small part must not hold on to a large piece, and whoever gave it may write over it.
    this.#rest.push(new Uint8Array(piece))
  }
}
