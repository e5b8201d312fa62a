// Transfers the rows from the worker to the page.

/** The rows that the page does not have yet, as columns. Repeated texts are sent once. */
export class Batch {
  constructor() {
    /** @type {Map<string, number>} */
    this.numbers = new Map()
    this.textBytes = 0
    this.clear()
  }

  clear() {
    this.rows = []
    this.texts = []
    this.since = performance.now()
  }

  /** @param {string} text @returns {number} */
  number(text) {
    let number = this.numbers.get(text)
    if (number === undefined) {
      number = this.numbers.size
      this.numbers.set(text, number)
      this.texts.push(text)
      this.textBytes += 2 * text.length + 64
    }
    return number
  }

  add(row) {
    row.contract = this.number(row.contract)
    row.name = this.number(row.name)
    row.account = this.number(row.account)
    row.result = this.number(row.result)
    this.rows.push(row)
  }

  columns() {
    const { rows } = this
    const column = (type, name) => type.from(rows, (row) => row[name])
    const tx = new Uint8Array(32 * rows.length)
    rows.forEach((row, index) => {
      for (let at = 0; at < 32; at++) tx[32 * index + at] = parseInt(row.tx.substr(2 * at, 2), 16)
    })
    return {
      ledger: column(Uint32Array, 'ledger'), closed: column(Uint32Array, 'closed'), kind: column(Uint8Array, 'kind'),
      isGood: column(Uint8Array, 'isGood'), contract: column(Uint32Array, 'contract'), name: column(Uint32Array, 'name'),
      account: column(Uint32Array, 'account'), result: column(Uint32Array, 'result'), fee: column(Float64Array, 'fee'),
      events: column(Uint32Array, 'events'), tx
    }
  }
}
