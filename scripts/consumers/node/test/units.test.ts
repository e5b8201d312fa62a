import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Backoff, retryAfter, sleep } from '../src/backoff.js'
import { ProtocolError } from '../src/errors.js'
import { conditions, wantsFootprints } from '../src/filter.js'
import { LineDecoder } from '../src/lines.js'
import { Metrics } from '../src/metrics.js'
import { Behind, idOf, ledgerOf, Seen } from '../src/position.js'
import { EventDecoder } from '../src/sse.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The same bytes split into pieces of every size, and of changing sizes. */
function* cuts(data: Uint8Array): Generator<Uint8Array[]> {
  for (let size = 1; size <= data.length + 1; size = size < 12 ? size + 1 : size * 2) {
    const pieces: Uint8Array[] = []
    for (let at = 0; at < data.length; at += size) pieces.push(data.subarray(at, at + size))
    yield pieces
  }
  const pieces: Uint8Array[] = []
  for (let at = 0, size = 1; at < data.length; at += size, size = (size * 7 + 3) % 11) pieces.push(data.subarray(at, at + size))
  yield pieces
}

test('lines are the same in any pieces', () => {
  const data = bytes('\ufeff{"a":"é€🌍"}\n\n{"b":"\u2028\u0085\ufeff"}\r\nlast\nrest')
  for (const pieces of cuts(data)) {
    const decoder = new LineDecoder(1000)
    assert.deepEqual(pieces.flatMap((piece) => decoder.take(piece)), ['{"a":"é€🌍"}', '', '{"b":"\u2028\u0085\ufeff"}', 'last'])
    assert.equal(decoder.isUnfinished, true)
  }
})

test('a long line in small pieces takes linear time', () => {
  // With quadratic joining it would copy 2^17 × 8 MiB.
  const decoder = new LineDecoder(16 << 20)
  const piece = new Uint8Array(64).fill(0x78)
  for (let count = 0; count < 1 << 17; count += 1) assert.deepEqual(decoder.take(piece), [])
  assert.equal(decoder.take(bytes('\n'))[0]!.length, 8 << 20)
})

test('a line that never ends is refused', () => {
  const decoder = new LineDecoder(100)
  decoder.take(new Uint8Array(100).fill(0x78))
  assert.throws(() => decoder.take(bytes('x')), ProtocolError)
  const events = new EventDecoder(100)
  assert.throws(() => {
    for (let count = 0; count < 100; count += 1) events.take(bytes('data: x\n'))
  }, ProtocolError)
})

test('events are the same in any pieces, whatever ends their lines', () => {
  for (const newline of ['\n', '\r\n', '\r']) {
    const lines = [
      '\ufeffid: 1', 'event: one', 'data: {"é":', 'data: 1}', '', ': comment', 'retry: 10', 'unknown', 'data:x', 'data', '', 'id: 2', '', 'id: 3\0',
      'data: y', '', 'id: 4', 'data: dropped',
    ]
    const data = bytes(lines.join(newline) + newline)
    for (const pieces of cuts(data)) {
      const decoder = new EventDecoder(1000)
      assert.deepEqual(pieces.flatMap((piece) => decoder.take(piece)), [
        { event: 'one', data: '{"é":\n1}', id: '1' }, { event: 'message', data: 'x\n', id: '1' }, { event: 'message', data: 'y', id: '2' },
      ])
    }
  }
})

test('delays grow to the cap, with jitter, and start anew after a record', () => {
  for (const [random, part] of [[0, 0.5], [1, 1], [0.5, 0.75]] as const) {
    const backoff = new Backoff({ base: 100, cap: 1000, random: () => random })
    assert.deepEqual([1, 2, 3, 4, 5, 6].map((now) => backoff.next(now)), [100, 200, 400, 800, 1000, 1000].map((full) => full * part))
    backoff.good(7)
    assert.equal(backoff.next(8), 100 * part)
    assert.equal(backoff.next(9), 200 * part)
  }
  const patient = new Backoff({ base: 100, cap: 1000, random: () => 1, resetAfter: 60 })
  patient.next(0)
  patient.good(10)
  patient.good(60)
  assert.equal(patient.next(69), 200)
  patient.good(80)
  assert.equal(patient.next(140), 100)
  for (let count = 0; count < 5000; count += 1) assert.ok(patient.next(0) <= 1000)
  assert.equal(patient.next(0, 5000), 5000)
  assert.equal(patient.next(0, 1e300), 300_000)
})

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2024-01-01T00:00:00Z')
  for (const [value, expected] of [
    [null, undefined], ['0', 0], ['12', 12_000], ['Mon, 01 Jan 2024 00:00:30 GMT', 30_000], ['Sun, 31 Dec 2023 00:00:00 GMT', 0], ['soon', undefined],
    ['-1', undefined], ['1.5', undefined], ['+5', undefined], ['2024', 2_024_000], ['', undefined], ['Mon, nonsense', undefined],
  ] as const) assert.equal(retryAfter(value, now), expected, String(value))
})

test('waiting ends early when it is aborted', async () => {
  const abort = new AbortController()
  const waiting = sleep(1e6, abort.signal)
  abort.abort()
  await waiting
  await sleep(1e6, abort.signal)
  await sleep(1, new AbortController().signal)
})

test('ids of all styles', () => {
  const meta = { toid: '4428111290369', ledger_sequence: 1031 }
  assert.equal(idOf({ meta }, 'invocations'), '4428111290369')
  assert.equal(idOf({ meta: { ledgerSequence: 1031, txIndex: 2 } }, 'invocations'), '4428111290369')
  assert.equal(idOf({ meta: { ledgerSequence: 4294967295, txIndex: 1048575, opIndex: 4094 } }, 'invocations'), '18446744073709551615')
  assert.equal(idOf({ meta, event: { id: 'x' } }, 'events'), 'x')
  assert.equal(idOf({ meta, event: { id: null } }, 'events'), undefined)
  for (const record of [{}, { meta: {} }, { meta: { toid: null } }, 7, []]) assert.throws(() => idOf(record, 'invocations'), ProtocolError)
  assert.throws(() => idOf({ meta }, 'events'), ProtocolError)
  assert.equal(ledgerOf('4428111290369'), 1031)
  assert.equal(ledgerOf('0000008598524530688-0000000000'), 2002)
})

test('invocations up to the last one are known, by their number', () => {
  const seen = new Seen('invocations', '999')
  assert.deepEqual(['998', '999', '1000', '10000'].map((id) => seen.has(id)), [true, true, false, false])
  seen.add('1000')
  assert.deepEqual(['999', '1000', '1001'].map((id) => seen.has(id)), [true, true, false])
})

test('events of the last ledger are known, one by one', () => {
  const id = (ledger: number, index: number): string => `${String(BigInt(ledger) << 32n).padStart(19, '0')}-${String(index).padStart(10, '0')}`
  const seen = new Seen('events', id(7, 5))
  assert.deepEqual([id(7, 5), id(7, 4), id(7, 6)].map((one) => seen.has(one)), [true, false, false])
  seen.add(id(8, 9))
  seen.add(id(8, 2))
  assert.deepEqual([id(8, 9), id(8, 2), id(8, 3)].map((one) => seen.has(one)), [true, true, false])
  const record = (ledger: number, index: number): object => ({ meta: { ledger_sequence: ledger }, event: { id: id(ledger, index) } })
  const found = new Behind(id(7, 5))
  assert.deepEqual(found.take([record(7, 9), record(7, 5), record(7, 1)]), [record(7, 1)])
  assert.deepEqual(found.take([record(7, 0)]), [record(7, 0)])
  const missing = new Behind(id(7, 5))
  assert.deepEqual(missing.take([record(7, 9), record(7, 1)]), [])
  assert.deepEqual(missing.take([record(8, 1)]), [record(7, 9), record(8, 1)])
  assert.deepEqual(missing.end(), [])
  const last = new Behind(id(7, 5))
  last.take([record(7, 6)])
  assert.deepEqual(last.end(), [record(7, 6)])
})

test('conditions are the options of event-filter', () => {
  const filter = { contract: ['C1', 'C2'], minArgs: 2, eventType: 'system', anyCall: true, failed: false, request: {}, maxCount: 3 }
  assert.deepEqual(conditions(filter, '-'), [
    ['contract', 'C1'], ['contract', 'C2'], ['min-args', '2'], ['event-type', 'system'], ['any-call', true], ['max-count', '3'],
  ])
  assert.deepEqual(conditions({ valueType: 'u32' }, '_'), [['value_type', 'u32']])
  assert.equal(wantsFootprints({ type: ['call', 'upload,extend'] }), true)
  assert.equal(wantsFootprints({ type: 'call' }), false)
  assert.equal(wantsFootprints({}), false)
})

test('counters as text for Prometheus', () => {
  const metrics = new Metrics()
  metrics.records.invocations = 5
  metrics.errors.set('unavailable', 2)
  metrics.lastLedger = 1031
  metrics.lastRecordTime = 1500
  const text = metrics.prometheus({ job: 'a"b\\c\nd' })
  const label = 'job="a\\"b\\\\c\\nd"'
  for (const line of [
    `soroban_client_records_total{${label},kind="invocations"} 5`, `soroban_client_records_total{${label},kind="events"} 0`,
    `soroban_client_errors_total{${label},class="unavailable"} 2`, `soroban_client_last_ledger{${label}} 1031`,
    `soroban_client_last_record_timestamp_seconds{${label}} 1.5`, '# TYPE soroban_client_records_total counter', '# TYPE soroban_client_last_ledger gauge',
  ]) assert.ok(text.split('\n').includes(line), line)
  assert.match(new Metrics().prometheus(), /^soroban_client_reconnects_total 0$/m)
  assert.doesNotMatch(new Metrics().prometheus(), /last_ledger|errors_total/)
  assert.ok(text.endsWith('\n'))
})
