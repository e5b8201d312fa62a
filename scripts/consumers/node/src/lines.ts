import { ProtocolError } from './errors.js'
import { linesOf } from './text.js'

const NEWLINE = 10
const RETURN = 13

/** Splits bytes into lines, independent of the piece sizes. A line ends with LF; a CR before it belongs to the line end. */
export class LineDecoder {
  readonly #longest: number
  #rest: Uint8Array[] = []
  #restLength = 0
  #isFirst = true

  constructor(longest: number) {
    this.#longest = longest
  }

  /** Whether a line has begun but not ended. */
  get isUnfinished(): boolean {
    return this.#restLength > 0
  }

  /** The lines that end in this piece, without their line ends. */
  take(piece: Uint8Array): string[] {
    const end = piece.lastIndexOf(NEWLINE) + 1
    if (end === 0) {
      this.#keep(piece)
      return []
    }
    let whole = piece.subarray(0, end - 1)
    if (this.#restLength > 0) {
      // Joined once, for any number of pieces, so that the time is linear.
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
    const lines = linesOf(whole)
    if (this.#isFirst) {
      this.#isFirst = false
      if (lines[0]!.charCodeAt(0) === 0xfeff) lines[0] = lines[0]!.slice(1)
    }
    for (const [index, line] of lines.entries()) if (line.charCodeAt(line.length - 1) === RETURN) lines[index] = line.slice(0, -1)
    return lines
  }

  #keep(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.#restLength += piece.length
    if (this.#restLength > this.#longest) throw new ProtocolError(`a line is longer than ${this.#longest} bytes`)
    // A copy, because a small part would keep a large piece in memory, and the caller may overwrite the piece.
    this.#rest.push(new Uint8Array(piece))
  }
}

/** The records of lines, up to one that is not JSON; empty lines are ignored. */
export function parse(lines: string[]): { records: unknown[]; failure: Error | undefined } {
  const records: unknown[] = []
  for (const line of lines) {
    if (line === '') continue
    try {
      records.push(JSON.parse(line))
    } catch (error) {
      return { records, failure: new ProtocolError(`this is not JSON: ${line.slice(0, 200)}`, { cause: error }) }
    }
  }
  return { records, failure: undefined }
}
