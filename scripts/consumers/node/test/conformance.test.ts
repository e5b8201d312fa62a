// The list of tests that all clients share: scripts/consumers/conformance.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  GoneError, InvocationClient, ProtocolError, RequestError, StageError, UnavailableError, type ContractEventRecord, type ContractInvocation, type Kind,
} from '../src/index.js'
import { ServiceSource } from '../src/service.js'
import { consumers, run } from './support.js'

interface Scenario {
  name: string
  kind?: Kind
  transports?: ('ndjson' | 'sse')[]
  options?: { after?: number; silence?: number; stop_after?: number; fail_at?: number }
  expect: {
    records: number[]
    requests: (number | null)[]
    waits?: [number, number][]
    return_values?: Record<string, unknown>
    position?: number
    error?: Record<string, unknown> & { class: string }
  }
}

const list = JSON.parse(readFileSync(join(consumers, 'conformance/scenarios.json'), 'utf8')) as { max_retries: number; scenarios: Scenario[] }
const classes: Record<string, new (message: string) => Error> = {
  request: RequestError, gone: GoneError, protocol: ProtocolError, stage: StageError, unavailable: UnavailableError,
}
const members: Record<string, string> = { http_status: 'httpStatus', first_ledger: 'firstLedger', last_ledger: 'lastLedger' }

class HandlerFailure extends Error {}

/** The id of a record with this number, as the list's README defines it. */
function idOf(kind: Kind, number: number): string {
  if (kind === 'events') return `${String((1001n << 32n) + 4096n).padStart(19, '0')}-${String(100 - number).padStart(10, '0')}`
  return String((BigInt(1000 + number) << 32n) + 4097n)
}

let server: Awaited<ReturnType<typeof run>>
before(async () => {
  server = await run([join(consumers, 'conformance/fault-server')], /listening at (\S+)/)
})
after(() => server.stop())

async function play(scenario: Scenario, transport: 'ndjson' | 'sse'): Promise<void> {
  const { options = {}, expect, kind = 'invocations' } = scenario
  const address = `${server.found}/${scenario.name}/node-${transport}`
  const waits: number[] = []
  const source = new ServiceSource(address, { transport, ...(options.silence === undefined ? {} : { silence: options.silence * 1000 }) })
  const client = new InvocationClient(source, {
    now: () => Date.now(),
    sleep: async (milliseconds) => {
      waits.push(milliseconds / 1000)
    },
  })
  const given = { maxRetries: list.max_retries, ...(options.after === undefined ? {} : { after: idOf(kind, options.after) }) }
  const stream = kind === 'events' ? client.events(given) : client.invocations(given)
  const numbers: number[] = []
  const values = new Map<number, unknown>()
  let failure: unknown
  try {
    for await (const record of stream as AsyncIterable<ContractInvocation | ContractEventRecord>) {
      const number = 'event' in record ? 100 - record.event.event_index! : record.meta.ledger_sequence - 1000
      if (number === options.fail_at) throw new HandlerFailure()
      numbers.push(number)
      if (!('event' in record)) values.set(number, record.contract_call?.return_value)
      if (numbers.length === options.stop_after) break
    }
  } catch (error) {
    failure = error
  }
  const log = (await (await fetch(`${address}/log`)).json()) as { requests: { position: string | null; path: string; accept: string }[] }
  assert.deepEqual(numbers, expect.records)
  assert.deepEqual(log.requests.map((request) => request.position), expect.requests.map((number) => (number === null ? null : idOf(kind, number))))
  assert.equal(new Set(log.requests.map((request) => request.path)).size <= 1, true)
  for (const [index, [least, greatest]] of (expect.waits ?? []).entries()) {
    assert.ok(waits[index]! >= least && waits[index]! <= greatest, `waited ${waits[index]} s`)
  }
  assert.equal(waits.length, Math.max(0, expect.requests.length - 1))
  for (const [number, value] of Object.entries(expect.return_values ?? {})) assert.equal(values.get(Number(number)), value)
  if (expect.position !== undefined) assert.equal(stream.position, idOf(kind, expect.position))
  if (expect.error === undefined) {
    if (failure !== undefined) throw failure
    assert.equal(stream.status, options.stop_after === undefined ? 'ended' : 'closed')
    return
  }
  assert.ok(failure instanceof (classes[expect.error.class] ?? HandlerFailure), String(failure))
  for (const [name, value] of Object.entries(expect.error)) {
    if (name !== 'class') assert.equal((failure as unknown as Record<string, unknown>)[members[name] ?? name], value, name)
  }
  assert.equal(stream.status, expect.error.class === 'handler' ? 'closed' : 'failed')
  assert.equal(client.metrics.openStreams, 0)
}

for (const scenario of list.scenarios) {
  for (const transport of scenario.transports ?? (['ndjson', 'sse'] as const)) {
    test(`${scenario.name}, ${transport}`, { timeout: 60_000 }, () => play(scenario, transport))
  }
}
