// The page: its controls, its views, and the worker between them.

import { buildForm, readForm, sessionOptions, showFields, wantsFootprints } from './conditions.js'
import { commandLine, serviceCommandLine } from './command.js'
import { startDecoder } from './decoder.js'
import { showRecord } from './detail.js'
import { byId, copy, element, grouped, save, size } from './dom.js'
import { clearNotes, note } from './notes.js'
import { serviceAt, serviceURL } from './service.js'
import { moduleSource, startWorker } from './host.js'
import { classify } from './problems.js'
import { Rows } from './rows.js'
import { droppedFiles, sorted } from './sources.js'
import { Table } from './table.js'

/** The maximum amounts that are kept. At the limit reading stops, and a message says so. */
const limits = { rows: 500000, plainBytes: 64 << 20, keptBytes: 256 << 20 }
// For tests: smaller limits, so that small files reach them.
for (const [name, value] of new URLSearchParams(location.search)) if (name in limits && Number(value) > 0) limits[name] = Number(value)
const silence = 60000

const worker = startWorker()
let generation = 0
let rows = new Rows()
/** The source: files, or the URL of a service. @type {{ files: File[], specs: any[] } | { url: URL } | null} */
let source = null
let view = { mode: 'invocations', style: 'native', network: 'auto', conditions: {}, search: '' }
let found = null
let progress = { bytes: 0, total: 0, ledgers: 0, firstLedger: null, lastLedger: null, kept: 0 }
let state = { isReading: false, connection: '', isFull: false, network: null }
let sniffed = []
let openRow = -1
let opened = 0
let turn = 0

// Requests to the worker, each with its response.
let questions = 0
const waiting = new Map()
function ask(type, rest = {}) {
  return new Promise((resolve, reject) => {
    waiting.set(++questions, { resolve, reject })
    worker.postMessage({ type, id: questions, ...rest })
  })
}

const table = new Table(byId('grid'), byId('canvas'), {
  onOpen: (row) => void openRecord(row, true),
  onSelect: (row) => { if (!byId('detail').hidden) void openRecord(row, false) }
})

// Reading

function start() {
  if (!source) return
  generation += 1
  rows = new Rows()
  table.reset(rows)
  found = view.search === '' ? null : { ...newSearch(), isDone: true }
  if (found) table.show(found.rows, 0)
  sniffed = []
  state = { isReading: true, connection: '', isFull: false, network: null }
  progress = { bytes: 0, total: 0, ledgers: 0, firstLedger: null, lastLedger: null, kept: 0 }
  clearNotes()
  byId('refusal').textContent = ''
  closeRecord(false)
  const common = { type: 'start', generation, limits, options: sessionOptions(view.conditions, view) }
  if (found) common.search = { text: view.search, turn }
  if (source.files) {
    if (source.files.length === 0) return
    const specs = source.specs.map(({ data }) => ({ data }))
    worker.postMessage({ ...common, files: source.files, specs })
  } else if ([view.conditions.ledgers ?? []].flat().length > 1) {
    byId('refusal').textContent = 'A service takes one range of ledgers.'
    state.isReading = false
  } else worker.postMessage({ ...common, url: serviceURL(source, view).href, origin: location.origin, silence })
  showState()
}

worker.onmessage = ({ data }) => {
  if (data.type === 'answer') {
    const question = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.error === undefined) question.resolve(data.value)
    else question.reject(new Error(data.error))
    return
  }
  if (data.generation !== generation) return
  if (data.type === 'rows') {
    const first = rows.count
    rows.add(data.columns, data.texts)
    if (first === 0) {
      const start = opened
      requestAnimationFrame(() => performance.measure('first-record', { start }))
    }
    if (!found) table.grow(null, rows.count - first)
  } else if (data.type === 'progress') progress = data
  else if (data.type === 'network') state.network = data.network
  else if (data.type === 'sniffed') sniffed.push(data)
  else if (data.type === 'warning') note({ kind: 'warning', title: 'Warning', message: data.message })
  else if (data.type === 'connection') state.connection = data.state === 'open' ? 'connected' : data.state === 'waiting' ? `interrupted: ${data.detail}` : 'connecting'
  else if (data.type === 'problem') showProblem(data)
  else if (data.type === 'full') showFull(data)
  else if (data.type === 'refused') byId('refusal').textContent = data.message
  else if (data.type === 'matches') takeMatches(data)
  else if (data.type === 'done') state.isReading = false
  showState()
}
worker.onerror = (event) => {
  note({ kind: 'other', title: 'The page’s worker failed', message: event.message || 'It could not be started.' })
}

function showState() {
  byId('empty').hidden = rows.count > 0 || state.isReading
  byId('empty-title').textContent = source ? 'No record matches' : 'Drop ledgers here'
  // Text that changes many times a second is not read aloud.
  byId('status').setAttribute('aria-live', state.isReading ? 'off' : 'polite')
  byId('stop').hidden = !state.isReading
  const bar = byId('progress')
  bar.hidden = !(state.isReading && progress.total > 0)
  bar.value = progress.total > 0 ? progress.bytes / progress.total : 0
  const parts = []
  if (source) {
    const noun = view.mode === 'events' ? 'event' : 'invocation'
    parts.push(`${grouped(rows.count)} ${noun}${rows.count === 1 ? '' : 's'}`)
    if (view.search !== '') parts.push(`${grouped(found?.count ?? 0)} found${found?.isDone ? '' : ' so far'}`)
    if (progress.ledgers > 0) parts.push(`${grouped(progress.ledgers)} ledger${progress.ledgers === 1 ? '' : 's'}`)
    if (rows.count > 0) parts.push(`ledger ${progress.firstLedger} to ${progress.lastLedger}`)
    if (progress.total > 0) parts.push(`${size(progress.bytes)} of ${size(progress.total)} read`)
    else if (progress.bytes > 0) parts.push(`${size(progress.bytes)} received`)
    if (state.network && view.network === 'auto') parts.push(state.network)
    if (state.connection !== '' && state.isReading) parts.push(state.connection)
    else if (!state.isReading) parts.push(state.isFull ? 'not all is shown' : source.files ? 'done' : 'ended')
  }
  byId('status').textContent = parts.join(' · ')
  for (const id of ['order', 'copy-command', 'export-ndjson', 'export-csv']) byId(id).hidden = !source
}

// Errors

function commandView(files) {
  return {
    files, specs: source.specs?.map(({ name }) => name) ?? [], mode: view.mode, style: view.style,
    network: view.network === 'auto' ? state.network ?? 'pubnet' : view.network,
    hasFootprints: wantsFootprints(view.conditions) && view.mode === 'invocations', conditions: view.conditions, search: view.search
  }
}

/** The files that were seen, and the ledger files that were not read yet. */
function namedFiles() {
  return source.files.map((file) => {
    const path = file.webkitRelativePath || file.name
    return { path, isLedgers: sniffed.find((one) => one.path === path)?.isLedgers ?? true }
  })
}

function currentCommand() {
  return source.files ? commandLine(commandView(namedFiles())) : serviceCommandLine(serviceURL(source, view), view.search)
}

function showProblem(problem) {
  if (problem.isService) {
    note({ kind: 'service', title: 'The service cannot be read', message: problem.message, command: currentCommand() })
    return
  }
  const file = source.files[problem.file]
  const { kind, title, help } = classify({ ...problem, size: file.size })
  const named = namedFiles()[problem.file]
  const given = commandView([named])
  let command = commandLine(given)
  let action = null
  if (kind === 'events') {
    command = commandLine({ ...given, mode: 'events', files: [{ ...named, isLedgers: false }] })
    action = element('button', { type: 'button', click: () => { byId('mode').value = 'events'; changed() } }, 'Show events')
  } else if (kind === 'damaged') command = command.replace(/^(ledger-split|invocation-extract)/, '$1 --keep-going')
  else if (kind === 'large') command = command.replace(/^(ledger-split|invocation-extract)/, '$1 --max-record=2GiB')
  note({ kind, title: `${title}: ${named.path}`, message: problem.message, help, command, action })
}

function showFull({ rows: count, ledger, file, position }) {
  state.isFull = true
  const where = file === null ? '' : ` of ${source.files[file].name}`
  const action = file === null ? element('button', { type: 'button', click: () => { source.after = position; start() } }, 'Clear, and go on') : null
  note({
    kind: 'large', title: 'Too large to show all',
    message: `The page keeps ${grouped(limits.rows)} records or ${size(limits.keptBytes)}; ${grouped(count)} are shown, up to ledger ${ledger}${where}.`,
    help: 'More conditions, or fewer ledgers, make it fit. Everything, outside the browser:', command: currentCommand(), action
  })
}

// Search

let searchTimer
function searchSoon() {
  clearTimeout(searchTimer)
  searchTimer = setTimeout(() => void search(), 250)
}

/** The rows that contain a text; more are added as they are found. */
function newSearch() {
  turn += 1
  return { turn, rows: new Uint32Array(1024), count: 0, isDone: false }
}

/** Searches all records. */
async function search() {
  const text = view.search
  found = text === '' ? null : newSearch()
  table.show(found && found.rows, 0)
  showState()
  const mine = found
  const isDone = await ask('search', { text, turn }).catch(() => false)
  if (!isDone || mine !== found) return
  mine.isDone = true
  showState()
}

function takeMatches({ turn: theirs, rows: some }) {
  if (found?.turn !== theirs || some.length === 0) return
  if (found.count + some.length > found.rows.length) {
    const grown = new Uint32Array(Math.max(2 * found.rows.length, found.count + some.length))
    grown.set(found.rows)
    found.rows = grown
  }
  found.rows.set(some, found.count)
  found.count += some.length
  table.grow(found.rows, found.count)
}

// One record

async function openRecord(row, takesFocus) {
  openRow = row
  const mine = generation
  const line = await ask('record', { row })
  if (line === null || openRow !== row || mine !== generation) return
  const only = { ledger: rows.number('ledger', row), tx: rows.tx(row) }
  if (view.mode === 'events') only.eventId = JSON.parse(line).event.id
  const command = source.files ? commandLine(commandView(namedFiles()), only) : serviceCommandLine(serviceURL(source, view), '', only)
  const heading = showRecord(byId('detail'), line, { command, onClose: () => closeRecord(true) })
  table.redraw()
  if (takesFocus) heading.focus()
}

function closeRecord(takesFocus) {
  openRow = -1
  byId('detail').hidden = true
  byId('detail').replaceChildren()
  if (takesFocus) byId('grid').focus()
}
byId('detail').addEventListener('keydown', (event) => { if (event.key === 'Escape') closeRecord(true) })

// The selection

/** Reads the form again, and then the source. */
function changed() {
  const mode = byId('mode').value
  showFields(byId('conditions'), mode)
  byId('grid').querySelector('.head .name').textContent = mode === 'events' ? 'Topic' : 'Function'
  const next = {
    mode, style: byId('style').value, network: byId('network').value.trim() || 'auto', conditions: readForm(byId('conditions'), mode),
    search: view.search
  }
  if (JSON.stringify(next) === JSON.stringify(view)) return
  view = next
  if (source) delete source.after
  start()
}

async function openFiles(list) {
  if (list.length === 0) return
  opened = performance.now()
  const { ledgers, specs, network } = await sorted(list)
  if (network) byId('network').value = network
  // Interfaces alone apply to the files that are already open.
  if (ledgers.length === 0) {
    if (specs.length === 0 || !source?.files) {
      note({ kind: 'other', title: 'No ledgers', message: specs.length > 0 ? 'An interface names the values of ledgers: open those first.' : 'There is no file with ledgers.' })
      return
    }
    source.specs.push(...specs)
  } else source = { files: ledgers, specs }
  view.network = byId('network').value.trim() || 'auto'
  showView('records')
  start()
}

async function connect() {
  opened = performance.now()
  try {
    source = await serviceAt(byId('service-url').value.trim() || location.href, byId('service-start').value.trim(), byId('service-follow').checked)
  } catch (error) {
    byId('refusal').textContent = error.message
    return
  }
  start()
}

function showView(name) {
  for (const one of ['records', 'values']) {
    byId(`${one}-view`).hidden = one !== name
    byId(`view-${one}`).setAttribute('aria-pressed', String(one === name))
  }
  if (name === 'records') table.update()
}

async function exportAs(format) {
  const shown = view.search !== '' && found ? found.rows.slice(0, found.count) : null
  const blob = await ask('export', { format, rows: shown })
  save(blob, `${view.mode}.${format}`)
}

buildForm(byId('conditions-main'), byId('conditions-more'))
showFields(byId('conditions'), 'invocations')
byId('view-records').addEventListener('click', () => showView('records'))
byId('view-values').addEventListener('click', () => showView('values'))
byId('open-files').addEventListener('click', () => byId('files').click())
byId('files').addEventListener('change', (event) => {
  void openFiles([...event.target.files])
  // So that the same files can be chosen again.
  event.target.value = ''
})
byId('open-service').addEventListener('click', () => {
  const panel = byId('service')
  panel.hidden = !panel.hidden
  byId('open-service').setAttribute('aria-expanded', String(!panel.hidden))
  if (!panel.hidden) byId('service-url').focus()
})
byId('service').addEventListener('submit', (event) => { event.preventDefault(); void connect() })
for (const id of ['mode', 'style', 'network']) byId(id).addEventListener('change', changed)
byId('conditions').addEventListener('submit', (event) => { event.preventDefault(); changed() })
byId('conditions').addEventListener('change', (event) => { if (event.target.id !== 'search') changed() })
byId('conditions').addEventListener('keydown', (event) => {
  // In multi-line fields Enter begins a line; with Ctrl it applies.
  if (event.key === 'Enter' && event.target.tagName === 'TEXTAREA' && (event.ctrlKey || event.metaKey)) changed()
})
byId('conditions').addEventListener('reset', () => setTimeout(() => {
  view.search = ''
  void search()
  changed()
}))
byId('search').addEventListener('input', () => {
  view.search = byId('search').value.trim()
  searchSoon()
})
byId('stop').addEventListener('click', () => worker.postMessage({ type: 'stop' }))
byId('order').addEventListener('click', () => {
  table.isNewestFirst = !table.isNewestFirst
  byId('order').setAttribute('aria-pressed', String(table.isNewestFirst))
  table.current = -1
  byId('grid').scrollTop = 0
  table.redraw()
})
byId('copy-command').addEventListener('click', () => copy(currentCommand(), byId('copy-command')))
byId('export-ndjson').addEventListener('click', () => void exportAs('ndjson'))
byId('export-csv').addEventListener('click', () => void exportAs('csv'))
matchMedia('(max-width: 760px)').addEventListener('change', () => table.redraw())

let depth = 0
const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files')
addEventListener('dragenter', (event) => {
  if (!holdsFiles(event)) return
  depth += 1
  byId('drop').hidden = false
})
addEventListener('dragleave', (event) => {
  if (!holdsFiles(event)) return
  depth = Math.max(0, depth - 1)
  byId('drop').hidden = depth > 0
})
addEventListener('dragover', (event) => { if (holdsFiles(event)) event.preventDefault() })
addEventListener('drop', async (event) => {
  if (!holdsFiles(event)) return
  event.preventDefault()
  depth = 0
  byId('drop').hidden = true
  try {
    await openFiles(await droppedFiles(event.dataTransfer))
  } catch (error) {
    note({ kind: 'other', title: 'Cannot be read', message: error.message })
  }
})

startDecoder(ask)
// The server of the page may also be the service.
if (/^https?:$/.test(location.protocol)) byId('service-url').value = new URL('.', location.href).href
worker.postMessage({ type: 'load', source: moduleSource() })
ask('ready').then(({ version, types }) => {
  byId('value-types').append(...types.map((name) => element('option', { value: name })))
  document.documentElement.dataset.version = version
}, (error) => note({
  kind: 'other', title: 'Files cannot be read here',
  message: `The WebAssembly module is missing (${error.message}). make wasm builds it. Streams of a service can be shown without it.`
}))
showState()
