// A table of any number of rows: only visible rows are drawn. One element has the focus, and names the current row.

import { kinds } from './summary.js'
import { element, grouped, short } from './dom.js'

const spare = 6

export class Table {
  /**
   * @param {HTMLElement} grid The scrolling element, with role=grid.
   * @param {HTMLElement} canvas As high as all rows.
   * @param {{ onOpen: (row: number) => void, onSelect: (row: number) => void }} handlers
   */
  constructor(grid, canvas, handlers) {
    this.grid = grid
    this.canvas = canvas
    this.handlers = handlers
    this.rows = undefined
    /** The rows that are shown, in order; null for all. @type {Uint32Array | null} */
    this.shown = null
    this.shownCount = 0
    this.isNewestFirst = false
    /** The position of the current row, or -1. */
    this.current = -1
    /** @type {Map<number, HTMLElement>} */
    this.drawn = new Map()
    /** @type {HTMLElement[]} */
    this.pool = []
    this.isWaiting = false
    grid.addEventListener('scroll', () => this.update(), { passive: true })
    grid.addEventListener('keydown', (event) => this.key(event))
    canvas.addEventListener('click', (event) => {
      const row = event.target.closest('[data-place]')
      if (row) this.select(Number(row.dataset.place), true)
    })
    new ResizeObserver(() => this.update()).observe(grid)
  }

  get count() {
    return this.shown ? this.shownCount : this.rows?.count ?? 0
  }

  /** The row at a position of the table. @param {number} place @returns {number} */
  rowAt(place) {
    const at = this.isNewestFirst ? this.count - 1 - place : place
    return this.shown ? this.shown[at] : at
  }

  /** Shows other rows, or none. */
  reset(rows) {
    this.rows = rows
    this.shown = null
    this.current = -1
    for (const place of [...this.drawn.keys()]) this.release(place)
    this.grid.scrollTop = 0
    this.update()
  }

  /** Shows only these rows; null shows all. @param {Uint32Array | null} rows @param {number} count */
  show(rows, count) {
    this.shown = rows
    this.shownCount = count
    this.redraw()
  }

  /**
   * More rows follow the existing ones. If the newest are on top, the visible and the current rows stay in place.
   *
   * @param {Uint32Array | null} rows The rows that are shown.
   * @param {number} count Their number; if all are shown, the number of rows.
   */
  grow(rows, count) {
    const added = rows ? count - this.shownCount : count
    this.shown = rows
    if (rows) this.shownCount = count
    if (!this.isNewestFirst) {
      this.update()
      return
    }
    if (this.current >= 0) this.current += added
    for (const place of [...this.drawn.keys()]) this.release(place)
    const isAtTop = this.grid.scrollTop === 0
    if (!isAtTop) {
      this.canvas.style.height = `${this.count * this.rowHeight}px`
      this.grid.scrollTop += added * this.rowHeight
    }
    this.update()
  }

  /** Redraws everything. */
  redraw() {
    for (const place of [...this.drawn.keys()]) this.release(place)
    if (this.current >= this.count) this.current = -1
    this.update()
  }

  /** Redraws once before the next frame, however often it is called. */
  update() {
    if (this.isWaiting) return
    this.isWaiting = true
    requestAnimationFrame(() => {
      this.isWaiting = false
      this.draw()
    })
  }

  get rowHeight() {
    return parseFloat(getComputedStyle(this.grid).getPropertyValue('--row')) || 32
  }

  draw() {
    const height = this.rowHeight
    const { count, grid, canvas } = this
    canvas.style.height = `${count * height}px`
    grid.setAttribute('aria-rowcount', String(count + 1))
    const first = Math.max(0, Math.floor(grid.scrollTop / height) - spare)
    const last = Math.min(count - 1, Math.ceil((grid.scrollTop + grid.clientHeight) / height) + spare)
    for (const place of [...this.drawn.keys()]) if (place < first || place > last) this.release(place)
    for (let place = first; place <= last; place++) {
      let row = this.drawn.get(place)
      const index = this.rowAt(place)
      if (!row) {
        row = this.pool.pop() ?? makeRow()
        this.drawn.set(place, row)
        row.dataset.index = ''
        row.dataset.place = String(place)
        row.id = `row-${place}`
        row.setAttribute('aria-rowindex', String(place + 2))
        canvas.append(row)
      }
      if (row.dataset.index !== String(index)) {
        row.dataset.index = String(index)
        fill(row, this.rows, index)
      }
      row.style.transform = `translateY(${place * height}px)`
      const isCurrent = place === this.current
      row.setAttribute('aria-selected', String(isCurrent))
    }
    if (this.current >= first && this.current <= last) grid.setAttribute('aria-activedescendant', `row-${this.current}`)
    else grid.removeAttribute('aria-activedescendant')
  }

  release(place) {
    const row = this.drawn.get(place)
    this.drawn.delete(place)
    row.remove()
    if (this.pool.length < 100) this.pool.push(row)
  }

  /** @param {number} place @param {boolean} isOpened */
  select(place, isOpened) {
    if (place < 0 || place >= this.count) return
    this.current = place
    const height = this.rowHeight
    const { grid } = this
    const head = grid.querySelector('.head')?.offsetHeight ?? 0
    const view = grid.clientHeight - head
    if (place * height < grid.scrollTop) grid.scrollTop = place * height
    else if ((place + 1) * height > grid.scrollTop + view) grid.scrollTop = (place + 1) * height - view
    this.draw()
    const row = this.rowAt(place)
    if (isOpened) this.handlers.onOpen(row)
    else this.handlers.onSelect(row)
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const page = Math.max(1, Math.floor(this.grid.clientHeight / this.rowHeight) - 2)
    const last = this.count - 1
    const moves = {
      ArrowDown: this.current + 1, ArrowUp: this.current - 1, PageDown: this.current + page, PageUp: this.current - page, Home: 0, End: last
    }
    if (event.key in moves) this.select(Math.max(0, Math.min(last, moves[event.key])), false)
    else if (event.key === 'Enter' || event.key === ' ') this.select(this.current < 0 ? 0 : this.current, true)
    else return
    event.preventDefault()
  }
}

const cells = ['ledger', 'time', 'outcome', 'kind', 'contract', 'name', 'account', 'events', 'fee', 'tx']

function makeRow() {
  return element('div.row', { role: 'row' }, ...cells.map((name) => element(`span.cell.${name}`, { role: 'gridcell' })))
}

function fill(row, rows, index) {
  const isGood = rows.number('isGood', index) === 1
  const result = rows.text('result', index)
  const contract = rows.text('contract', index)
  const account = rows.text('account', index)
  const tx = rows.tx(index)
  const closed = rows.number('closed', index)
  const texts = {
    ledger: String(rows.number('ledger', index)),
    time: closed === 0 ? '' : new Date(closed * 1000).toISOString().slice(0, 19).replace('T', ' '),
    outcome: isGood ? 'ok' : result === '' ? 'failed' : result,
    kind: kinds[rows.number('kind', index)],
    contract: short(contract),
    name: rows.text('name', index),
    account: short(account),
    events: String(rows.number('events', index)),
    fee: grouped(rows.number('fee', index)),
    tx: short(tx)
  }
  row.classList.toggle('bad', !isGood)
  for (const [at, name] of cells.entries()) {
    const cell = row.children[at]
    cell.textContent = texts[name]
    const whole = { contract, account, tx, name: texts.name, outcome: texts.outcome }[name]
    if (whole) cell.title = whole
    else cell.removeAttribute('title')
  }
}
