// A live table of the most frequent calls, from a service or a data lake.
//
//   node dist/examples/monitor.js http://127.0.0.1:8080      follows the service; Control-C ends it
//   node dist/examples/monitor.js testdata/lake local        to the end of the lake
//
// On a terminal the table is redrawn as records arrive, at most ten times a second. Otherwise it is printed once, at the end.
// --live redraws it anyway; --rows N is the number of rows.

import { parseArgs } from 'node:util'
import { InvocationClient, pipelineOf, type ContractInvocation } from '../src/index.js'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { live: { type: 'boolean' }, rows: { type: 'string' } } })
const [where = 'testdata/lake', network] = positionals
const mostRows = Number(values.rows ?? (process.stdout.rows ?? 24) - 4)
const isLive = values.live === true || process.stdout.isTTY

interface Row {
  contract: string
  name: string
  calls: number
  failed: number
  fees: bigint
  last: number
}

const rows = new Map<string, Row>()

function count({ meta, contract_call, create_contract }: ContractInvocation): void {
  const address = contract_call?.contract_id ?? create_contract?.contract_id ?? '-'
  // An address of a kind without a text form is an object.
  const contract = typeof address === 'string' ? address : JSON.stringify(address)
  const name = contract_call?.function_name ?? (create_contract ? '(created)' : '(code)')
  const key = `${contract} ${name}`
  const row = rows.get(key) ?? { contract, name, calls: 0, failed: 0, fees: 0n, last: 0 }
  rows.set(key, row)
  row.calls += 1
  row.failed += meta.successful ? 0 : 1
  row.fees += BigInt(meta.fee_charged)
  row.last = meta.ledger_sequence
}

function table(): string[] {
  const sorted = [...rows.values()].sort((a, b) => b.calls - a.calls || (`${a.contract} ${a.name}` < `${b.contract} ${b.name}` ? -1 : 1))
  const line = (cells: (string | number | bigint)[]): string =>
    cells.map((cell, index) => (index < 2 ? String(cell).slice(0, 20).padEnd(20) : String(cell).padStart(11))).join(' ')
  const { records, lastLedger, reconnects } = client.metrics
  return [
    [`ledger ${lastLedger ?? '-'}`, `${records.invocations} invocations`, `${rows.size} functions`, subscription.status]
      .concat(reconnects > 0 ? [`${reconnects} reconnections`] : []).join('   '),
    line(['contract', 'function', 'calls', 'failed', 'fees', 'last ledger']),
    ...sorted.slice(0, mostRows).map((row) => line([short(row.contract), row.name, row.calls, row.failed, row.fees, row.last])),
  ]
}

function short(address: string): string {
  return address.length > 20 ? `${address.slice(0, 8)}...${address.slice(-8)}` : address
}

let drawn = 0
let drawnAt = 0

function draw(): void {
  const lines = table()
  // Back to the first line, and each line cleared to its end.
  process.stdout.write(`${drawn > 0 ? `\x1b[${drawn}A` : ''}${lines.map((line) => `${line}\x1b[K\n`).join('')}`)
  drawn = lines.length
  drawnAt = Date.now()
}

const isService = /^https?:/.test(where)
const client = isService
  ? InvocationClient.fromService(where)
  : InvocationClient.fromPipeline(...pipelineOf({ ledgers: where, ...(network === undefined ? {} : { network }) }))
const subscription = client.subscribe({ follow: isService }, {
  record(invocation) {
    count(invocation)
    if (isLive && Date.now() - drawnAt >= 100) draw()
  },
  status: () => isLive && draw(),
  error(error) {
    console.error(error.message)
    process.exitCode = 1
  },
})
process.on('SIGINT', () => void subscription.unsubscribe())
await subscription.done
if (isLive) draw()
else console.log(table().join('\n'))
