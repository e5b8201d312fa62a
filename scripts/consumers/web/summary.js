// The columns of a record in the table. Runs in the worker, once per record.

/** The kinds of records, in the order of their numbers in a row. */
export const kinds = ['call', 'create', 'upload', 'extend', 'restore', 'contract', 'system', 'diagnostic']
const members = ['contract_call', 'create_contract', 'upload_wasm', 'extend_ttl', 'restore_footprint']

/**
 * The member of a record for what was done, with its kind.
 *
 * @param {any} record
 * @returns {{ kind: string, what: any }}
 */
export function whatOf(record) {
  if (record.event) return { kind: record.event.type, what: record.event }
  const at = members.findIndex((name) => record[name] !== undefined)
  return at < 0 ? { kind: 'call', what: {} } : { kind: kinds[at], what: record[members[at]] }
}

/** The account that invoked, created, uploaded, extended or restored. @param {any} what @returns {string} */
export function accountOf(what) {
  return what.invoking_account ?? what.creator_account ?? what.uploader_account ?? what.account ?? ''
}

/**
 * @param {any} record
 * @returns {{ ledger: number, closed: number, kind: number, isGood: boolean, contract: string, name: string, account: string,
 *   result: string, fee: number, events: number, tx: string }}
 */
export function summary(record) {
  const { meta } = record
  const { kind, what } = whatOf(record)
  const name =
    what.function_name ??
    (record.event ? brief(what.topics?.[0]) : kind === 'create' ? what.executable : kind === 'upload' ? `${what.wasm_size} bytes` : '')
  return {
    ledger: meta.ledger_sequence,
    closed: Date.parse(meta.closed_at) / 1000 || 0,
    kind: Math.max(0, kinds.indexOf(kind)),
    isGood: meta.successful === true,
    contract: what.contract_id ?? what.wasm_hash ?? '',
    name: String(name ?? ''),
    account: record.event ? meta.source_account ?? '' : accountOf(what),
    result: record.event ? '' : meta.result_code ?? meta.tx_result_code ?? '',
    fee: meta.fee_charged === undefined ? 0 : Number(meta.fee_charged),
    events: what.events?.length ?? 0,
    tx: meta.tx_hash ?? ''
  }
}

/** A short form of a value. @param {any} value @returns {string} */
export function brief(value) {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value !== 'object') return String(value)
  const keys = Object.keys(value)
  if (keys.length === 1 && typeof value[keys[0]] === 'string') return value[keys[0]]
  return JSON.stringify(value).slice(0, 80)
}
