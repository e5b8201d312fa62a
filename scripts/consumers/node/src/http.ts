import type { IncomingMessage } from 'node:http'
import { ProtocolError } from './errors.js'

/** The parts of HTTP that a service source needs. */
export interface Question {
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  body?: string
  signal: AbortSignal
}

export interface Answer {
  status: number
  header(name: string): string | null
  /** The body. It throws if the body is truncated. */
  chunks(): AsyncIterable<Uint8Array>
}

export type Ask = (address: string, question: Question) => Promise<Answer>

const MOST_REDIRECTIONS = 5

/** With fetch: in browsers, workers and Deno. */
export function askWithFetch(given: typeof fetch): Ask {
  return async (address, { method, headers, body, signal }) => {
    const answer = await given(address, { method, headers, signal, cache: 'no-store', ...(body === undefined ? {} : { body }) })
    return {
      status: answer.status,
      header: (name) => answer.headers.get(name),
      async *chunks() {
        if (answer.body === null) return
        // Not every browser can iterate over a stream.
        const reader = answer.body.getReader()
        for (;;) {
          const { done, value } = await reader.read()
          if (done) return
          yield value
        }
      },
    }
  }
}

/**
 * With node:http. Node's fetch takes a truncated body for a complete one if the connection is not to be kept open ("Connection:
 * close"); node:http does not.
 */
export const askWithNode: Ask = async (address, question) => {
  let target = new URL(address)
  for (let redirections = 0; ; redirections += 1) {
    const answer = await once(target, question)
    const status = answer.statusCode ?? 0
    const location = answer.headers.location
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) {
      return { status, header: (name) => headerOf(answer, name), chunks: () => answer as AsyncIterable<Uint8Array> }
    }
    answer.resume()
    if (redirections === MOST_REDIRECTIONS) throw new ProtocolError(`more than ${MOST_REDIRECTIONS} redirections`, { httpStatus: status })
    target = new URL(location, target)
  }
}

async function once(target: URL, { method, headers, body, signal }: Question): Promise<IncomingMessage> {
  const { request } = target.protocol === 'https:' ? await import('node:https') : await import('node:http')
  return new Promise((resolve, reject) => {
    const question = request(target, { method, headers, signal }, resolve)
    question.on('error', reject)
    question.end(body)
  })
}

function headerOf(answer: IncomingMessage, name: string): string | null {
  const value = answer.headers[name]
  return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
}

/** The implementation that this environment has. */
export function askHere(): Ask {
  const isNode = typeof process !== 'undefined' && process.versions?.node !== undefined
  return isNode ? askWithNode : askWithFetch((...given) => fetch(...given))
}
