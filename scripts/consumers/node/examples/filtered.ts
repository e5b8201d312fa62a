// All swaps, and all transfers of a range of ledgers: the filters select, so that nothing else is parsed here.
//
//   node dist/examples/filtered.js testdata/lake local

import { InvocationClient, pipelineOf } from '../src/index.js'

const [ledgers = 'testdata/lake', network = 'local'] = process.argv.slice(2)
const client = InvocationClient.fromPipeline(...pipelineOf({ ledgers, network }))

for await (const invocation of client.invocations({ filter: { function: 'swap', succeeded: true } })) {
  const call = invocation.contract_call
  const given = call?.arguments.map((value) => JSON.stringify(value)).join(', ')
  console.log(`ledger ${invocation.meta.ledger_sequence}: swap(${given}) = ${JSON.stringify(call?.return_value)}`)
}

const stream = client.events({ start: 1040, filter: { topic: 'transfer/**', maxCount: 5 } })
for await (const { meta, event } of stream) {
  const [, from, to] = event.topics
  console.log(`ledger ${meta.ledger_sequence}: ${JSON.stringify(event.data)} from ${String(from).slice(0, 6)} to ${String(to).slice(0, 6)}`)
}
console.log(`${client.metrics.records.invocations} invocations, ${client.metrics.records.events} events, up to ledger ${client.metrics.lastLedger}`)
