import { RequestError, UnavailableError } from './errors.js'
import { conditions } from './filter.js'
import { LineDecoder, parse } from './lines.js'
import { LONGEST, type Source, type SourceRequest } from './source.js'

/** Records as lines from another program, such as standard input at the end of a shell pipeline. */
export class InputSource implements Source {
  readonly #input: AsyncIterable<Uint8Array>

  constructor(input: AsyncIterable<Uint8Array>) {
    this.#input = input
  }

  canResume(): boolean {
    return false
  }

  async *open(request: SourceRequest): AsyncGenerator<unknown[], void, void> {
    const { filter, start, end, follow, signal, metrics } = request
    if (conditions(filter, '-').length > 0 || filter.request !== undefined || start !== undefined || end !== undefined || follow) {
      throw new RequestError('lines come as they are: filters, ranges and following are for the programs that write them')
    }
    const lines = new LineDecoder(LONGEST)
    for await (const piece of this.#input) {
      if (signal.aborted) return
      metrics.bytes += piece.length
      const { records, failure } = parse(lines.take(piece))
      if (records.length > 0) yield records
      if (failure !== undefined) throw failure
    }
    if (lines.isUnfinished) throw new UnavailableError('the last line is not whole')
  }
}
