// Records as CSV (RFC 4180), with the columns of the recipes invocations-csv and events-csv.

import { accountOf, whatOf } from './summary.js'

const invocationColumns = ['toid', 'ledger_sequence', 'closed_at', 'tx_hash', 'tx_index', 'op_index', 'kind', 'successful', 'result_code',
  'tx_result_code', 'contract_id', 'account', 'function', 'source_account', 'fee_account', 'fee_charged', 'arguments', 'return_value']
const eventColumns = ['id', 'ledger_sequence', 'closed_at', 'tx_hash', 'tx_index', 'stage', 'operation_index', 'event_index', 'successful',
  'contract_id', 'type', 'call_index', 'topics', 'data']
const memberOf = { call: 'contract_call', create: 'create_contract', upload: 'upload_wasm', extend: 'extend_ttl', restore: 'restore_footprint' }

/** @param {boolean} isOfEvents @returns {string} */
export function csvHeader(isOfEvents) {
  return line(isOfEvents ? eventColumns : invocationColumns)
}

/** @param {any} record @returns {string} */
export function csvLine(record) {
  const { meta } = record
  const { kind, what } = whatOf(record)
  if (record.event) {
    return line([what.id, meta.ledger_sequence, meta.closed_at, meta.tx_hash, meta.tx_index, what.stage, what.operation_index,
      what.event_index, meta.successful, what.contract_id, what.type, what.call_index, JSON.stringify(what.topics), JSON.stringify(what.data)])
  }
  const given = what.arguments ?? what.constructor_args
  const hasReturned = meta.successful && what.return_value !== undefined
  return line([meta.toid, meta.ledger_sequence, meta.closed_at, meta.tx_hash, meta.tx_index, meta.op_index, memberOf[kind], meta.successful,
    meta.result_code, meta.tx_result_code, what.contract_id, accountOf(what) || null, what.function_name, meta.source_account,
    meta.fee_account, meta.fee_charged, given === undefined ? null : JSON.stringify(given),
    hasReturned ? JSON.stringify(what.return_value) : null])
}

/** @param {any[]} values @returns {string} */
function line(values) {
  return values.map(cell).join(',') + '\n'
}

/** @param {any} value @returns {string} */
function cell(value) {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  // Contracts choose some of these texts: no spreadsheet may take one for a formula. A JSON number keeps its sign.
  const text = /^[=+@\t\r-]/.test(value) && !/^-?[0-9]+$/.test(value) ? `'${value}` : value
  return `"${text.replaceAll('"', '""')}"`
}
