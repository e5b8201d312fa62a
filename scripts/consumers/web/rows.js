// The rows of the table, as columns of numbers, to save memory.

const types = {
  ledger: Uint32Array, closed: Uint32Array, kind: Uint8Array, isGood: Uint8Array, contract: Uint32Array, name: Uint32Array,
  account: Uint32Array, result: Uint32Array, fee: Float64Array, events: Uint32Array, tx: Uint8Array
}

export class Rows {
  constructor() {
    this.count = 0
    this.capacity = 0
    /** Texts to which rows refer by number. @type {string[]} */
    this.texts = []
    this.columns = {}
    for (const name of Object.keys(types)) this.columns[name] = new types[name](0)
  }

  /** @param {Record<string, any>} columns @param {string[]} texts */
  add(columns, texts) {
    for (const text of texts) this.texts.push(text)
    const count = columns.ledger.length
    if (this.count + count > this.capacity) {
      this.capacity = Math.max(1024, 2 * this.capacity, this.count + count)
      for (const name of Object.keys(types)) {
        const grown = new types[name](this.capacity * width(name))
        grown.set(this.columns[name])
        this.columns[name] = grown
      }
    }
    for (const name of Object.keys(types)) this.columns[name].set(columns[name], this.count * width(name))
    this.count += count
  }

  /** A number of a row. @param {string} column @param {number} row @returns {number} */
  number(column, row) {
    return this.columns[column][row]
  }

  /** A text of a row. @param {string} column @param {number} row @returns {string} */
  text(column, row) {
    return this.texts[this.columns[column][row]]
  }

  /** @param {number} row @returns {string} */
  tx(row) {
    let text = ''
    for (let at = 32 * row; at < 32 * row + 32; at++) text += this.columns.tx[at].toString(16).padStart(2, '0')
    return text
  }
}

function width(name) {
  return name === 'tx' ? 32 : 1
}
