// The conditions of event-filter: as a form, as options of the module, as parameters of the service, and on the command line.

import { element } from './dom.js'

/** The values in one field, separated by blanks or commas, or one per line. */
const words = (text) => text.split(/[\s,]+/).filter((word) => word !== '')
const lines = (text) => text.split('\n').map((line) => line.trim()).filter((line) => line !== '')

/** Each option of event-filter that is a condition. `in` names the records to which it applies. */
export const fields = [
  { name: 'contract', label: 'Contract', hint: 'C…, native', split: words, main: true },
  { name: 'function', label: 'Function', hint: 'swap, mint*', split: lines, main: true, of: 'invocations' },
  { name: 'topic', label: 'Topic', hint: 'transfer/**', split: lines, main: true },
  { name: 'account', label: 'Account', hint: 'G…', split: words, main: true, of: 'invocations' },
  { name: 'outcome', label: 'Outcome', choices: [['', 'any'], ['succeeded', 'succeeded'], ['failed', 'failed']], main: true },
  { name: 'type', label: 'Type', choices: [['', 'any'], ['call', 'call'], ['create', 'create'], ['upload', 'upload'],
    ['extend', 'extend'], ['restore', 'restore']], main: true, of: 'invocations' },
  { name: 'ledgers', label: 'Ledgers', hint: '1027-1043, 1050-', split: words, main: true },
  { name: 'involves', label: 'Involves contract', hint: 'C…, in sub-calls, events, state, too', split: words, of: 'invocations' },
  { name: 'any-call', label: 'Function: look at sub-calls, too', flag: true, of: 'invocations' },
  { name: 'result', label: 'Result', hint: 'trapped, entry_archived', split: words, of: 'invocations' },
  { name: 'tx', label: 'Transaction', hint: '64 hexadecimal digits', split: words },
  { name: 'since', label: 'Since', hint: '2026-01-31 or 2026-01-31T12:00:00Z' },
  { name: 'until', label: 'Until', hint: '2026-01-31 or 2026-01-31T12:00:00Z' },
  { name: 'recent', label: 'Closed in the last', hint: '15m, 1h, 2d' },
  { name: 'arg', label: 'Argument', hint: '0.amount=>1000', split: lines, of: 'invocations' },
  { name: 'data', label: 'Data of an event', hint: 'amount=>5', split: lines },
  { name: 'state', label: 'State', hint: 'key or value', split: lines, of: 'invocations' },
  { name: 'event-type', label: 'Event type', hint: 'contract, system, diagnostic', split: words },
  { name: 'stage', label: 'Stage', hint: 'operation, before_all_txs, …', split: words, of: 'events' },
  { name: 'value-type', label: 'Class of the value', hint: 'string, numeric, address, bytes', split: words },
  { name: 'has', label: 'Has', hint: 'events, calls, state, ttl, auth, …', split: words, of: 'invocations' },
  { name: 'change', label: 'State change', hint: 'create, update, delete, restore', split: words, of: 'invocations' },
  { name: 'durability', label: 'Durability', hint: 'temporary, persistent', split: words, of: 'invocations' },
  { name: 'affects', label: 'Changes state of', hint: 'C…', split: words, of: 'invocations' },
  { name: 'min-args', label: 'Arguments, at least', hint: '1', of: 'invocations' },
  { name: 'max-args', label: 'Arguments, at most', hint: '5', of: 'invocations' },
  { name: 'any', label: 'One condition is enough', flag: true },
  { name: 'invert-match', label: 'Records that do not match', flag: true }
]

/**
 * Builds the form.
 *
 * @param {HTMLElement} main
 * @param {HTMLElement} more
 */
export function buildForm(main, more) {
  for (const field of fields) {
    const id = `condition-${field.name}`
    const shared = { id, name: field.name, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'refusal' }
    let input
    if (field.choices) input = element('select', shared, ...field.choices.map(([value, text]) => element('option', { value }, text)))
    else if (field.flag) input = element('input', { ...shared, type: 'checkbox' })
    else if (field.split === lines) input = element('textarea', { ...shared, rows: 1, placeholder: field.hint, title: 'one on a line' })
    else input = element('input', { ...shared, type: 'text', placeholder: field.hint, autocapitalize: 'none' })
    const label = element('label', { for: id }, field.label)
    const box = field.flag ? element('div.field.flag', {}, input, label) : element('div.field', {}, label, input)
    box.dataset.of = field.of ?? ''
    if (field.main) main.insertBefore(box, main.querySelector('.search'))
    else more.append(box)
  }
}

/**
 * The conditions of the form: lists, texts and flags by the names of event-filter's options. Empty fields are omitted.
 *
 * @param {HTMLFormElement} form
 * @param {'invocations' | 'events'} mode
 * @returns {Record<string, string[] | string | true>}
 */
export function readForm(form, mode) {
  const conditions = {}
  for (const field of fields) {
    if (field.of && field.of !== mode) continue
    const input = form.elements.namedItem(field.name)
    if (field.flag) {
      if (input.checked) conditions[field.name] = true
    } else if (field.name === 'outcome') {
      if (input.value !== '') conditions[input.value] = true
    } else if (field.split) {
      const values = field.split(input.value)
      if (values.length > 0) conditions[field.name] = values
    } else if (input.value.trim() !== '') conditions[field.name] = input.value.trim()
  }
  return conditions
}

/** Shows the fields for a mode. @param {HTMLFormElement} form @param {string} mode */
export function showFields(form, mode) {
  for (const box of form.querySelectorAll('.field[data-of]')) box.hidden = box.dataset.of !== '' && box.dataset.of !== mode
}

/** Whether operations on lifetimes are requested, which are omitted by default. */
export function wantsFootprints(conditions) {
  return [conditions.type ?? []].flat().some((kind) => kind === 'extend' || kind === 'restore')
}

/**
 * The options of the module's session.
 *
 * @param {Record<string, any>} conditions
 * @param {{ mode: string, style: string, network: string }} view
 */
export function sessionOptions(conditions, view) {
  const { ledgers, ...asked } = conditions
  const given = { mode: view.mode, style: view.style, network: view.network }
  // Ledgers are selected first, so that others need not be read.
  if (ledgers) given.ledgers = ledgers
  if (wantsFootprints(conditions)) given.footprintOps = true
  for (const name of ['min-args', 'max-args']) if (/^[0-9]{1,9}$/.test(asked[name] ?? '')) asked[name] = Number(asked[name])
  if (Object.keys(asked).length > 0) given.conditions = asked
  return given
}

/** The parameters of the service. @param {URL} url @param {Record<string, any>} conditions */
export function addParameters(url, conditions) {
  for (const [name, value] of Object.entries(conditions)) {
    if (name === 'ledgers') continue
    const key = name.replaceAll('-', '_')
    for (const one of [value].flat()) url.searchParams.append(key, one === true ? '1' : one)
  }
}
