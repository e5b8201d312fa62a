// The lines of the records in compact form: the first ones unchanged, the others compressed, in blocks. Nothing is stored twice.

const blockSize = 1 << 20
const cachedBlocks = 4
const decoder = new TextDecoder()

/** @param {Uint8Array} bytes @param {CompressionStream | DecompressionStream} through @returns {Promise<Uint8Array>} */
async function piped(bytes, through) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer())
}

export class Store {
  /** @param {{ plainBytes: number }} limits The number of bytes that are stored unchanged. */
  constructor({ plainBytes }) {
    this.plainBytes = plainBytes
    /** @type {{ first: number, count: number, data: Uint8Array, isPacked: boolean }[]} */
    this.blocks = []
    /** @type {Uint8Array[]} */
    this.open = []
    this.openBytes = 0
    this.openCount = 0
    /** The number of rows in closed blocks. */
    this.closedCount = 0
    /** The number of bytes stored. */
    this.size = 0
    /** @type {Map<object, string[]>} */
    this.cache = new Map()
  }

  get count() {
    return this.closedCount + this.openCount
  }

  /**
   * Adds complete lines.
   *
   * @param {Uint8Array} lines
   * @param {number} count
   */
  async add(lines, count) {
    this.open.push(lines)
    this.openBytes += lines.length
    this.openCount += count
    this.size += lines.length
    if (this.openBytes >= blockSize) await this.close()
  }

  async close() {
    const block = { first: this.closedCount, count: this.openCount, data: joined(this.open, this.openBytes), isPacked: false }
    this.blocks.push(block)
    this.closedCount += this.openCount
    this.open = []
    this.openBytes = 0
    this.openCount = 0
    if (this.size > this.plainBytes) {
      const packed = await piped(block.data, new CompressionStream('deflate-raw'))
      this.size -= block.data.length - packed.length
      block.data = packed
      block.isPacked = true
    }
  }

  /** The bytes of each block in turn, the open one last, with its first row. */
  async *pieces() {
    for (let at = 0; at < this.blocks.length; at++) {
      const block = this.blocks[at]
      yield { first: block.first, bytes: await this.bytes(block) }
    }
    if (this.openCount > 0) yield { first: this.closedCount, bytes: joined(this.open, this.openBytes) }
  }

  /** The line of a row, without its line feed. @param {number} row @returns {Promise<string | undefined>} */
  async line(row) {
    if (row >= this.closedCount) return decoder.decode(joined(this.open, this.openBytes)).split('\n')[row - this.closedCount]
    let low = 0
    let high = this.blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.blocks[middle].first <= row) low = middle
      else high = middle - 1
    }
    const block = this.blocks[low]
    let lines = this.cache.get(block)
    if (!lines) {
      lines = decoder.decode(await this.bytes(block)).split('\n')
      if (this.cache.size >= cachedBlocks) this.cache.delete(this.cache.keys().next().value)
      this.cache.set(block, lines)
    }
    return lines[row - block.first]
  }

  /** @param {{ data: Uint8Array, isPacked: boolean }} block @returns {Promise<Uint8Array>} */
  async bytes(block) {
    return block.isPacked ? piped(block.data, new DecompressionStream('deflate-raw')) : block.data
  }
}

/** @param {Uint8Array[]} pieces @param {number} length @returns {Uint8Array} */
function joined(pieces, length) {
  if (pieces.length === 1) return pieces[0]
  const all = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
