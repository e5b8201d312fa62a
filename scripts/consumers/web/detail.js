// One record in full.

import { accountOf, whatOf } from './summary.js'
import { copy, element, grouped } from './dom.js'

const inlineLength = 90
const firstItems = 100

/** A value: short ones in full, long ones folded and rendered only when they are opened. @param {any} value */
export function valueElement(value) {
  if (value === null || value === undefined) return element('span.none', {}, 'none')
  const text = JSON.stringify(value)
  if (text.length <= inlineLength) return element('code', {}, text)
  const body = element('pre', { tabindex: 0 })
  const fold = element('details.value', {
    toggle: () => { if (fold.open && body.textContent === '') body.textContent = JSON.stringify(value, null, 2) }
  }, element('summary', {}, element('code', {}, `${text.slice(0, inlineLength)}…`)), body)
  return fold
}

/** A name or hash that can be copied. @param {string | null | undefined} text */
function nameElement(text) {
  return text ? element('code.name', {}, text) : element('span.none', {}, 'none')
}

/** @param {[string, Node | string | number | null | undefined][]} pairs */
function pairsElement(pairs) {
  const list = element('dl')
  for (const [term, value] of pairs) {
    if (value === null || value === undefined || value === '') continue
    list.append(element('div', {}, element('dt', {}, term), element('dd', {}, typeof value === 'number' ? grouped(value) : value)))
  }
  return list
}

/**
 * A list that may be very long: the first items, and a button for the rest.
 *
 * @template T
 * @param {T[]} items
 * @param {(item: T, at: number) => Node} draw
 * @param {Record<string, any>} [attributes]
 */
function listElement(items, draw, attributes = {}) {
  const list = element('ol.items', attributes)
  let drawn = 0
  const more = element('button', { type: 'button', click: () => show(1000) })
  const box = element('div', {}, list, more)
  function show(count) {
    for (const item of items.slice(drawn, drawn + count)) list.append(draw(item, drawn++))
    more.hidden = drawn >= items.length
    more.textContent = `Show more (${grouped(items.length - drawn)} left)`
  }
  show(firstItems)
  return box
}

/** @param {string} title @param {number | null} count @param {() => Node} body @param {boolean} isOpen */
function section(title, count, body, isOpen = true) {
  const label = count === null ? title : `${title} (${grouped(count)})`
  let isDrawn = false
  const fold = element('details.section', { toggle: () => draw() }, element('summary', {}, element('h3', {}, label)))
  function draw() {
    if (fold.open && !isDrawn) {
      isDrawn = true
      fold.append(body())
    }
  }
  if (isOpen) {
    fold.open = true
    draw()
  }
  return fold
}

/** The line of a call in the tree. */
function callElement(call) {
  const outcome = call.successful === true ? 'ok' : call.successful === false ? 'failed' : 'unknown'
  const mark = { ok: '✓', failed: '✗', unknown: '?' }[outcome]
  const label = { ok: 'succeeded', failed: 'failed', unknown: 'not recorded how it ended' }[outcome]
  const item = element(`li.call.${outcome}`, { role: 'treeitem', 'aria-level': call.depth + 1, 'aria-selected': 'false', tabindex: -1 },
    element('span.mark', { role: 'img', 'aria-label': label }, mark),
    element('span.what', {},
      element('span.function', {}, call.function || '(no name)'),
      call.contract ? element('span.where', {}, nameElement(call.contract)) : null,
      element('span.argument-list', {}, 'arguments ', ...valuesOf(call.arguments), call.isAmbiguous ? ' (or otherwise: diagnostics do not tell)' : null),
      call.hasResult ? element('span.result', {}, 'returned ', valueElement(call.result)) : null,
      call.events > 0 ? element('span.emitted', {}, `${call.events} event${call.events === 1 ? '' : 's'}`) : null))
  // Limited, so that deep lines stay visible.
  item.style.setProperty('--depth', String(Math.min(call.depth, 24)))
  return item
}

function valuesOf(values) {
  if (!values || values.length === 0) return [element('span.none', {}, 'none')]
  return values.flatMap((value, at) => (at === 0 ? [valueElement(value)] : [' ', valueElement(value)]))
}

/**
 * Keyboard navigation in a tree of calls: Tab reaches one of them, the arrow keys the others.
 *
 * @param {HTMLElement} box
 */
function withKeys(box) {
  const tree = box.querySelector('[role=tree]')
  if (tree.firstElementChild) tree.firstElementChild.tabIndex = 0
  tree.addEventListener('keydown', (event) => {
    const from = event.target
    if (from.parentElement !== tree) return
    const to = {
      ArrowDown: from.nextElementSibling, ArrowUp: from.previousElementSibling, Home: tree.firstElementChild, End: tree.lastElementChild
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    if (to === null) return
    from.tabIndex = -1
    to.tabIndex = 0
    to.focus()
  })
  return box
}

/** The call of the operation and all calls below it, each after its caller. */
function callTree(record, what, kind) {
  const emitted = new Map()
  for (const event of what.events ?? []) emitted.set(event.call_index, (emitted.get(event.call_index) ?? 0) + 1)
  const root = {
    depth: 0, successful: record.meta.successful, function: what.function_name ?? `${kind} ${what.executable ?? ''}`.trim(),
    contract: what.contract_id ?? what.wasm_hash, arguments: what.arguments ?? what.constructor_args, result: what.return_value,
    hasResult: record.meta.successful, events: emitted.get(0) ?? 0
  }
  const calls = (what.contract_calls ?? []).map((call) => ({
    depth: call.depth, successful: call.successful, function: call.function, contract: call.to_contract, arguments: call.arguments,
    isAmbiguous: call.arguments_ambiguous, result: call.return_value, hasResult: call.successful === true, events: emitted.get(call.index) ?? 0
  }))
  const tree = withKeys(listElement([root, ...calls], callElement, { role: 'tree', 'aria-label': 'Calls', class: 'items tree' }))
  if (what.contract_calls === null) tree.append(element('p.note', {}, 'Sub-calls are not known: the ledger holds no diagnostics.'))
  return tree
}

function eventElement(event) {
  return element('li.event', {},
    element('div.line', {}, element('span.badge', {}, event.type), nameElement(event.contract_id),
      event.call_index === null || event.call_index === undefined ? null : element('span.note', {}, `call ${event.call_index}`),
      event.in_successful_contract_call === false ? element('span.badge.bad', {}, 'rolled back') : null),
    pairsElement([['topics', element('span', {}, ...valuesOf(event.topics))], ['data', valueElement(event.data)]]))
}

function entryKey(entry) {
  if (entry.entry === 'code') return nameElement(entry.code_hash)
  if (entry.key === null || entry.key === undefined) return entry.entry ? null : nameElement(entry.key_hash)
  return valueElement(entry.key)
}

function changeElement(change) {
  return element('li.change', {},
    element('div.line', {}, element(`span.badge.${change.operation}`, {}, change.operation),
      element('span.badge', {}, change.entry), element('span.badge', {}, change.durability), nameElement(change.contract_id)),
    pairsElement([['key', entryKey(change)]]),
    element('div.sides', {},
      element('div.side.old', {}, element('h4', {}, 'Old'), valueElement(change.old_value)),
      element('div.side.new', {}, element('h4', {}, 'New'), valueElement(change.new_value))))
}

function lifetimeElement(entry) {
  return element('li.lifetime', {},
    element('div.line', {}, element('span.badge', {}, entry.entry ?? 'unknown'),
      entry.durability ? element('span.badge', {}, entry.durability) : null, entry.contract_id ? nameElement(entry.contract_id) : null),
    pairsElement([['key', entryKey(entry)],
      ['lives until', `${grouped(entry.old_ttl)} → ${grouped(entry.new_ttl)} (+${grouped(entry.new_ttl - entry.old_ttl)} ledgers)`]]))
}

function restorationElement(entry) {
  return element('li.lifetime', {},
    element('div.line', {}, element('span.badge.restore', {}, 'restored'), element('span.badge', {}, entry.entry),
      element('span.badge', {}, entry.reason), nameElement(entry.contract_id)),
    pairsElement([['key', entryKey(entry)]]))
}

function authElement(entry) {
  // Signed calls nest: a list with depths is drawn without recursion.
  const calls = []
  const waiting = [{ signed: entry.invocation, depth: 0 }]
  while (waiting.length > 0) {
    const { signed, depth } = waiting.pop()
    const made = signed.create_contract
    calls.push({
      depth, successful: true, function: made ? `create ${made.executable}` : signed.function, contract: (made ?? signed).contract_id,
      arguments: made ? made.constructor_args : signed.arguments, hasResult: false, events: 0
    })
    for (const below of [...signed.sub_invocations].reverse()) waiting.push({ signed: below, depth: depth + 1 })
  }
  return element('li.auth', {},
    element('div.line', {}, element('span.badge', {}, entry.credentials), entry.address ? nameElement(entry.address) : null),
    pairsElement([['nonce', entry.nonce], ['valid until ledger', entry.signature_expiration_ledger],
      ['delegates', entry.delegates?.length > 0 ? valueElement(entry.delegates) : null]]),
    withKeys(listElement(calls, callElement, { role: 'tree', 'aria-label': 'Signed calls', class: 'items tree signed' })))
}

function costs(meta) {
  const resources = meta.resources ?? {}
  const amount = (stroops) => (stroops === null || stroops === undefined ? null : `${amountOf(stroops)} XLM (${grouped(BigInt(stroops))} stroops)`)
  return pairsElement([
    ['charged', amount(meta.fee_charged)], ['paid by', nameElement(meta.fee_account)], ['resource fee, at most', amount(resources.resource_fee)],
    ['not refundable', amount(resources.non_refundable_fee)], ['refundable', amount(resources.refundable_fee)], ['rent', amount(resources.rent_fee)],
    ['instructions', resources.instructions], ['bytes read from disk', resources.disk_read_bytes], ['bytes written', resources.write_bytes],
    ...Object.entries(meta.metrics ?? {}).map(([name, value]) => [name, String(value)])
  ])
}

/** Stroops as lumens, exactly. @param {string} stroops */
function amountOf(stroops) {
  const digits = String(stroops).replace('-', '').padStart(8, '0')
  const fraction = digits.slice(-7).replace(/0+$/, '')
  return `${String(stroops).startsWith('-') ? '-' : ''}${digits.slice(0, -7)}${fraction === '' ? '' : `.${fraction}`}`
}

/**
 * @param {HTMLElement} panel
 * @param {string} line The record's text.
 * @param {{ command: string, onClose: () => void }} given
 */
export function showRecord(panel, line, { command, onClose }) {
  const record = JSON.parse(line)
  const { meta } = record
  const { kind, what } = whatOf(record)
  const title = what.function_name ?? (record.event ? `${kind} event` : kind)
  const outcome = meta.successful ? 'ok' : meta.result_code ?? meta.tx_result_code ?? 'failed'
  const copyJSON = element('button', { type: 'button', click: () => copy(line, copyJSON) }, 'Copy JSON')
  const copyCommand = element('button', { type: 'button', id: 'copy-record-command', click: () => copy(command, copyCommand) }, 'Copy as command')
  const heading = element('h2', { tabindex: -1 }, title, ' ', element(meta.successful ? 'span.badge.good' : 'span.badge.bad', {}, outcome))
  const parts = [
    element('div.panel-head', {}, heading, element('button.close', { type: 'button', 'aria-label': 'Close the record', click: onClose }, '×')),
    element('div.buttons', {}, copyJSON, copyCommand),
    element('code.command', { 'aria-label': 'The command line that gives this record' }, command),
    pairsElement([
      ['ledger', element('span', {}, String(meta.ledger_sequence))], ['closed', meta.closed_at], ['transaction', nameElement(meta.tx_hash)],
      ['inner transaction', meta.inner_tx_hash ? nameElement(meta.inner_tx_hash) : null],
      ['place', `transaction ${meta.tx_index}, operation ${meta.op_index ?? 'none'}`],
      ['account', accountOf(what) ? nameElement(accountOf(what)) : null], ['source', meta.source_account ? nameElement(meta.source_account) : null],
      ['contract', what.contract_id ? nameElement(what.contract_id) : null],
      ['code', what.wasm_hash ? nameElement(what.wasm_hash) : null], ['deployer', what.deployer ? nameElement(what.deployer) : null],
      ['asset', what.asset], ['external reference', what.external_ref ? valueElement(what.external_ref) : null],
      ['extended to', what.extend_to], ['transaction’s result', meta.tx_result_code], ['protocol', meta.protocol_version],
      ['data source', meta.data_source], ['stage', record.event ? what.stage : null], ['id', record.event ? what.id : meta.toid]
    ])
  ]
  if (record.event) parts.push(section('Event', null, () => element('ol.items', {}, eventElement(what))))
  else {
    if (kind !== 'extend' && kind !== 'restore') parts.push(section('Calls', (what.contract_calls ?? []).length + 1, () => callTree(record, what, kind)))
    const list = (name, items, draw, isOpen = true) => {
      if (items) parts.push(section(name, items.length, () => (items.length === 0 ? element('p.note', {}, 'None.') : listElement(items, draw)), isOpen && items.length > 0))
    }
    list('Events', what.events, eventElement)
    list('State changes', what.state_changes, changeElement)
    list('Lifetimes', what.ttl_extensions, lifetimeElement)
    if (meta.archive_restorations?.length > 0) list('Restored from the archive', meta.archive_restorations, restorationElement)
    list('Authorisations', what.auth, authElement)
    parts.push(section('Costs', null, () => costs(meta)))
    list('Diagnostic events', what.diagnostic_events, eventElement, false)
  }
  parts.push(section('JSON', null, () => element('pre.json', { tabindex: 0 }, JSON.stringify(record, null, 2)), false))
  panel.replaceChildren(...parts)
  panel.hidden = false
  panel.scrollTop = 0
  return heading
}
