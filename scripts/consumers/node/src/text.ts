// Bytes as text, with a fast path for ASCII, as nearly all records are: decoding UTF-8 is slow compared with parsing.

const isNode = typeof process !== 'undefined' && process.versions?.node !== undefined
// Not a literal, so that bundlers for browsers do not resolve it.
const builtin = 'node:buffer'
type Buffers = typeof import('node:buffer') & { isAscii?: (bytes: Uint8Array) => boolean }
const isAscii = isNode ? ((await import(builtin)) as Buffers).isAscii : undefined
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

/** The text of bytes that are known to be ASCII; otherwise undefined. */
export function ascii(bytes: Uint8Array): string | undefined {
  return isAscii?.(bytes) === true ? latin1(bytes) : undefined
}

/** The lines of complete lines in UTF-8, without the last line end. */
export function linesOf(bytes: Uint8Array): string[] {
  if (isAscii === undefined) return decoder.decode(bytes).split('\n')
  const lines = latin1(bytes).split('\n')
  if (isAscii(bytes)) return lines
  // No byte of another character equals a line end.
  for (const [index, line] of lines.entries()) {
    if (/[^\0-\x7f]/.test(line)) lines[index] = decoder.decode(Buffer.from(line, 'latin1'))
  }
  return lines
}
