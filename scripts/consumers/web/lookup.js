// Reads all stored records: to search for a text, and to export them.

import { csvHeader, csvLine } from './csv.js'

const decoder = new TextDecoder()

/** A text to search for. While the existing rows are searched, new ones wait. */
export class Search {
  constructor({ text, turn }) {
    this.wanted = text.toLowerCase()
    this.turn = turn
    /** @type {number[] | undefined} */
    this.later = undefined
  }
}

/**
 * The rows that contain a text, ignoring case. Returns false if another text, or another reading, has replaced it.
 *
 * @param {{ store: import('./store.js').Store, search: Search | undefined }} mine
 * @param {Search} search
 * @param {() => boolean} isNewest
 * @param {(rows: Uint32Array) => void} report
 */
export async function matches(mine, search, isNewest, report) {
  const { store } = mine
  const { wanted } = search
  const count = store.count
  search.later = []
  const isCurrent = () => isNewest() && mine.search === search
  for await (const { first, bytes } of store.pieces()) {
    if (!isCurrent()) return false
    const found = []
    const all = decoder.decode(bytes).toLowerCase()
    let row = first
    let start = 0
    for (let hit = all.indexOf(wanted); hit >= 0; hit = all.indexOf(wanted, start)) {
      for (let end = all.indexOf('\n', start); end >= 0 && end < hit; end = all.indexOf('\n', start)) {
        row += 1
        start = end + 1
      }
      found.push(row)
      const end = all.indexOf('\n', hit)
      if (end < 0) break
      row += 1
      start = end + 1
    }
    report(Uint32Array.from(found.filter((one) => one < count)))
  }
  if (!isCurrent()) return false
  report(Uint32Array.from(search.later))
  search.later = undefined
  return true
}

/** All records, or those of some rows, as one file. */
export async function exported({ store, given }, format, rows) {
  const parts = []
  if (format === 'csv') parts.push(csvHeader(given.options.mode === 'events'))
  let next = 0
  for await (const { first, bytes } of store.pieces()) {
    if (rows === null && format === 'ndjson') {
      parts.push(new Blob([bytes]))
      continue
    }
    const lines = decoder.decode(bytes).split('\n')
    if (lines.at(-1) === '') lines.pop()
    let text = ''
    const write = (line) => { text += format === 'csv' ? csvLine(JSON.parse(line)) : `${line}\n` }
    if (rows === null) lines.forEach(write)
    else for (; next < rows.length && rows[next] < first + lines.length; next++) write(lines[rows[next] - first])
    // A separate part, so that the browser can move it out of memory.
    if (text !== '') parts.push(new Blob([text]))
  }
  return new Blob(parts, { type: format === 'csv' ? 'text/csv' : 'application/x-ndjson' })
}
