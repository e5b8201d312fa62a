// Server-sent events over fetch, resuming after the last id. EventSource does not show why a server rejects a request.

const longestEvent = 64 << 20
const decoder = new TextDecoder()

/** Splits bytes into events, as in the HTML standard: lines end with CR, LF or both. Events without data are ignored. */
export class EventParser {
  constructor() {
    /** Pieces of an incomplete line. @type {Uint8Array[]} */
    this.rest = []
    this.restBytes = 0
    this.skipsLineFeed = false
    this.isFirst = true
    this.data = []
    this.dataBytes = 0
    this.name = ''
    /** The last id that was read. @type {string | undefined} */
    this.id = undefined
    /** The delay that the server asks for, in milliseconds. @type {number | undefined} */
    this.retry = undefined
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {Generator<{ name: string, id: string | undefined, data: string }, void, void>}
   */
  *feed(bytes) {
    let start = 0
    if (this.skipsLineFeed && bytes.length > 0) {
      if (bytes[0] === 10) start = 1
      this.skipsLineFeed = false
    }
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte !== 10 && byte !== 13) continue
      const event = this.line(this.text(bytes.subarray(start, at)))
      if (byte === 13) {
        if (at + 1 === bytes.length) this.skipsLineFeed = true
        else if (bytes[at + 1] === 10) at += 1
      }
      start = at + 1
      if (event) yield event
    }
    if (start < bytes.length) {
      this.rest.push(bytes.slice(start))
      this.restBytes += bytes.length - start
      if (this.restBytes > longestEvent) throw new RangeError(`the service sends a line of more than ${longestEvent >> 20} MiB`)
    }
  }

  /** @param {Uint8Array} last @returns {string} */
  text(last) {
    let text
    if (this.rest.length === 0) text = decoder.decode(last)
    else {
      const all = new Uint8Array(this.restBytes + last.length)
      let at = 0
      for (const piece of [...this.rest, last]) {
        all.set(piece, at)
        at += piece.length
      }
      this.rest = []
      this.restBytes = 0
      text = decoder.decode(all)
    }
    if (this.isFirst) text = text.replace(/^\uFEFF/, '')
    this.isFirst = false
    return text
  }

  /** @param {string} line */
  line(line) {
    if (line === '') {
      const event = this.data.length > 0 ? { name: this.name || 'message', id: this.id, data: this.data.join('\n') } : undefined
      this.data = []
      this.dataBytes = 0
      this.name = ''
      return event
    }
    const colon = line.indexOf(':')
    if (colon === 0) return undefined
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') {
      this.data.push(value)
      this.dataBytes += value.length
      if (this.dataBytes > longestEvent) throw new RangeError(`the service sends an event of more than ${longestEvent >> 20} MiB`)
    } else if (field === 'event') this.name = value
    else if (field === 'id' && !value.includes('\0')) this.id = value
    else if (field === 'retry' && /^[0-9]{1,9}$/.test(value)) this.retry = Number(value)
    return undefined
  }
}

/** The delay before the next attempt, in milliseconds: doubled each time, up to half a minute, with jitter. */
export function delayBefore(attempt, base, random = Math.random()) {
  return Math.min(30000, base * 2 ** Math.min(attempt, 10)) * (0.5 + random / 2)
}

/** An error that another attempt cannot change. */
export class Refused extends Error {}

/**
 * Follows a stream until it ends, is rejected or aborted.
 *
 * @param {object} options
 * @param {URL} options.url
 * @param {string} options.origin The page's own origin: only there the header Last-Event-ID needs no preflight request.
 * @param {AbortSignal} options.signal
 * @param {number} [options.silence] The milliseconds without a byte after which the connection counts as broken.
 * @param {(event: { name: string, id: string | undefined, data: string }) => Promise<void>} options.onEvent
 * @param {(state: 'connecting' | 'open' | 'waiting', detail: string) => void} options.onState
 */
export async function follow({ url, origin, signal, silence = 60000, onEvent, onState }) {
  /** The id of the last record that was handled, not only read. */
  let position
  let attempt = 0
  let base = 1000
  /** The exception of the handler, which is not retried. */
  let failed
  for (;;) {
    onState('connecting', '')
    let reason = 'the connection ended'
    const connection = new AbortController()
    const give = () => connection.abort(signal.reason)
    signal.addEventListener('abort', give)
    let timer
    const watch = () => {
      clearTimeout(timer)
      timer = setTimeout(() => connection.abort(new Error(`nothing came for ${silence / 1000} seconds`)), silence)
    }
    try {
      signal.throwIfAborted()
      watch()
      const address = new URL(url)
      const headers = { Accept: 'text/event-stream' }
      if (position !== undefined) {
        if (address.origin === origin) headers['Last-Event-ID'] = position
        else address.searchParams.set('after', position)
      }
      const answer = await fetch(address, { headers, signal: connection.signal, cache: 'no-store' })
      if (answer.status === 204) return
      if (!answer.ok) await refuse(answer)
      if (!(answer.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
        throw new Refused(`${address.origin} answers, but not with events: is it the address of soroban-serve?`)
      }
      onState('open', '')
      const parser = new EventParser()
      const reader = answer.body.getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        watch()
        for (const event of parser.feed(value)) {
          signal.throwIfAborted()
          if (event.name === 'end') return
          if (event.name === 'error') {
            reason = failure(event.data)
            continue
          }
          try {
            await onEvent(event)
          } catch (error) {
            failed = { error }
            throw error
          }
          // Only now, so that an event that was not handled is repeated.
          if (event.id !== undefined) position = event.id
          attempt = 0
        }
        if (parser.retry !== undefined) base = Math.max(100, Math.min(30000, parser.retry))
      }
    } catch (error) {
      if (signal.aborted) return
      if (failed || error instanceof Refused || error instanceof RangeError) throw error
      reason = connection.signal.aborted ? String(connection.signal.reason?.message) : String(error.message)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', give)
      connection.abort()
    }
    const delay = delayBefore(attempt, base / 2)
    attempt += 1
    onState('waiting', `${reason}; next attempt in ${Math.max(1, Math.round(delay / 1000))} s`)
    await new Promise((resolve) => {
      const waited = setTimeout(resolve, delay)
      signal.addEventListener('abort', () => { clearTimeout(waited); resolve() }, { once: true })
    })
    if (signal.aborted) return
  }
}

/** @param {Response} answer */
async function refuse(answer) {
  const text = (await answer.text()).slice(0, 4000)
  let message = `status ${answer.status}`
  try {
    message = String(JSON.parse(text).error.message)
  } catch {
    // A page of a proxy or of the web server; the status suffices.
  }
  // Full, starting or behind a proxy that lost it: another attempt may succeed.
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Error(message)
  throw new Refused(message)
}

/** @param {string} data @returns {string} */
function failure(data) {
  try {
    const { tool, message } = JSON.parse(data)
    return `${tool}: ${message}`
  } catch {
    return 'the service reports an error'
  }
}
