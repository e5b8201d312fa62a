// The URLs of a service.

import { addParameters } from './conditions.js'

/**
 * The service at a URL, or at the page's own. Throws an error if the URL is invalid.
 *
 * @param {string} address
 * @param {string} start A ledger, "now" or nothing.
 * @param {boolean} isFollowed Otherwise the stream ends with the last existing ledger.
 * @returns {Promise<{ url: URL, start: string, end: number | null }>}
 */
export async function serviceAt(address, start, isFollowed) {
  let url
  try {
    url = new URL(address)
  } catch {
    // It is reported below.
  }
  if (!/^https?:$/.test(url?.protocol ?? '')) throw new Error('The address of the service begins with http:// or https://.')
  url = new URL(url.pathname.endsWith('/') ? '.' : `${url.pathname.replace(/\/[^/]*\.html$/, '')}/`, url)
  let end = null
  if (!isFollowed) {
    try {
      end = (await (await fetch(new URL('health', url))).json()).last_ledger
    } catch {
      throw new Error(`${url.href} does not answer. A service elsewhere has to be started with --allow-origin for this page.`)
    }
  }
  return { url, start: start === 'first' ? '' : start, end }
}

/** The URL with all parameters. */
export function serviceURL(source, view) {
  const url = new URL(view.mode, source.url)
  if (source.after !== undefined) url.searchParams.set('after', source.after)
  const [range] = [view.conditions.ledgers ?? []].flat()
  if (range) url.searchParams.set('ledgers', range.endsWith('-') && source.end !== null ? range + source.end : range)
  else if (source.start === 'now') {
    if (source.after === undefined) url.searchParams.set('after', 'now')
  } else {
    if (source.start !== '') url.searchParams.set('start_ledger', source.start)
    if (source.end !== null) url.searchParams.set('end_ledger', String(source.end))
  }
  url.searchParams.set('style', view.style)
  addParameters(url, view.conditions)
  return url
}
