// The module compared with the native tools: the same bytes, the same status, the same message.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { extract, filesBelow, modes, oddSizes, pipeline, root, run, soroban, split } from './tools.js'

const inputs = [
  ...filesBelow('testdata').filter((file) => /\/(ledgers|diagnostics-o.*|FFFF.*)\.xdr(\.zst)?$|getLedgers/.test(file)).map((file) => [file, 'local']),
  ...filesBelow('../shared/ledgers').filter((file) => file.endsWith('.zst')).map((file) => [file, networkOf(file)])
]

/** Real ledgers are in folders named by their network. */
function networkOf(file) {
  if (file.includes('/core/')) return '(V) (;,,;) (V)'
  if (file.includes('/testnet/')) return 'testnet'
  if (file.includes('/pubnet')) return 'pubnet'
  if (basename(file).startsWith('standalone')) return 'local'
  return basename(file).startsWith('applyload') ? 'Apply Load' : 'load test network'
}

test('there are inputs', () => assert.ok(inputs.length > 10))

test('ledgers in every mode, fed in pieces of odd sizes', async (t) => {
  const instance = soroban()
  for (const [index, [file, network]] of inputs.entries()) {
    await t.test(basename(file), () => {
      const input = readFileSync(file)
      for (const [options, stages] of modes) {
        const name = `${JSON.stringify(options)} of ${file}`
        const native = pipeline(input, ...stages(network))
        const chunk = input.length > 1 << 20 ? 65537 : oddSizes(index + 1)
        const own = run(input, { network, keepGoing: true, ...options }, chunk, instance)
        assert.ok(own.output.equals(native.output), `${name}: ${own.output.length} bytes, natively ${native.output.length}`)
        assert.equal(own.status, native.status, name)
      }
    })
  }
})

test('a byte at a time', () => {
  const compressed = readFileSync(`${root}/testdata/lake/FFFFFBFF--1024-1031/FFFFFBFF--1024-1025.xdr.zst`)
  for (const input of [compressed, readFileSync(`${root}/testdata/ledgers.xdr`).subarray(0, 20_000)]) {
    const native = pipeline(input, [...split('local'), '-o', 'ndjson'])
    const own = run(input, { network: 'local', mode: 'transactions' }, 1)
    assert.ok(native.output.length > 0)
    assert.ok(own.output.equals(native.output))
  }
})

test('transactions: records, lines, and answers of an RPC server', () => {
  const ledgers = readFileSync(`${root}/testdata/ledgers.xdr`)
  const records = pipeline(ledgers, ['ledger-split', '--network', 'local']).output
  const lines = pipeline(ledgers, ['ledger-split', '--network', 'local', '-o', 'ndjson']).output
  const answers = filesBelow('testdata/rpc').filter((file) => /getTransaction/.test(file)).map((file) => readFileSync(file))
  for (const [index, input] of [records, lines, ...answers].entries()) {
    for (const by of ['invocation', 'event']) {
      const native = pipeline(input, extract('--network', 'local', '--by', by), ['scval-json'])
      for (const chunk of [7, 100_000]) {
        const own = run(input, { network: 'local', mode: `${by}s`, style: 'sep51' }, chunk)
        assert.ok(own.output.equals(native.output), `input ${index}, by ${by}, in pieces of ${chunk}: ${own.message}`)
        assert.ok(native.output.length > 0)
      }
    }
  }
})

test('answers of getEvents', () => {
  const input = readFileSync(`${root}/testdata/rpc/getEvents.json`)
  const native = pipeline(input, extract('--by', 'event', '-o', 'ndjson'))
  assert.ok(native.output.length > 0)
  for (const chunk of [11, 1 << 20]) assert.ok(run(input, { mode: 'events' }, chunk).output.equals(native.output))
  const refused = run(input, { mode: 'invocations' })
  assert.deepEqual([refused.status, `invocation-extract: ${refused.message}\n`], [3, pipeline(input, extract()).messages])
})

test('an interface with very many fields, declared in falling order, which must not take quadratic time', () => {
  const names = Array.from({ length: 100_000 }, (_, number) => `f${String(99_999 - number).padStart(5, '0')}`)
  const fields = names.map((name) => ({ doc: '', name, type_: 'u32' }))
  const entries = [
    { udt_struct_v0: { doc: '', lib: '', name: 'Wide', fields } },
    { function_v0: { doc: '', name: 'swap', inputs: [], outputs: [{ udt: { name: 'Wide' } }] } },
  ]
  const spec = Buffer.from(entries.map((entry) => JSON.stringify(entry)).join('\n'))
  const path = join(mkdtempSync(join(tmpdir(), 'soroban-wide-')), 'wide.json')
  writeFileSync(path, spec)
  const input = readFileSync(`${root}/testdata/ledgers.xdr`)
  const native = pipeline(input, [...split('local')], extract(), ['scval-json', '-q', '--style', 'native', '--spec', path])
  const own = run(input, { network: 'local', style: 'native', specs: [{ data: spec.toString('base64') }] })
  assert.ok(native.output.length > 0, native.messages)
  assert.ok(own.output.equals(native.output), own.message)
})

test('filters: event-filter in the middle of the pipeline', () => {
  const input = readFileSync(`${root}/testdata/ledgers.xdr`)
  const requests = [
    { successfulOnly: true },
    { typeFilter: 'INVOCATION_TYPE_FILTER_CREATE_CONTRACT' },
    { contentFilter: { topicFilters: [{ topicIndex: 0, exactMatch: 'transfer' }] } },
    { contentFilter: { dataPatterns: [{ location: 'DATA_LOCATION_ARGUMENTS', stringPattern: '^[A-Z]' }] } },
    { startLedger: 1030, endLedger: 1035, stateFilter: { operations: ['STATE_CHANGE_OPERATION_CREATE'] } }
  ]
  const invocations = pipeline(input, ['ledger-split', '--network', 'local'], extract()).output
  for (const request of requests) {
    const native = pipeline(invocations, ['event-filter', '--request', requestFile(request)], ['scval-json', '--style', 'native'])
    const own = run(input, { network: 'local', style: 'native', request })
    assert.ok(own.output.equals(native.output), JSON.stringify(request))
    assert.ok(own.output.length < run(input, { network: 'local', style: 'native' }).output.length)
  }
  const conditions = [
    [{ succeeded: true, 'min-args': 1 }, ['--succeeded', '--min-args', '1']],
    [{ topic: ['transfer/**'], data: '>1000' }, ['--topic', 'transfer/**', '--data', '>1000']],
    [{ type: ['create', 'upload'], failed: true, any: true }, ['--type', 'create', '--type', 'upload', '--failed', '--any']],
    [{ arg: '/é|[a-c]/', 'invert-match': true }, ['--arg', '/é|[a-c]/', '-v']]
  ]
  for (const [given, options] of conditions) {
    const native = pipeline(invocations, ['event-filter', ...options], ['scval-json', '--style', 'native'])
    const own = run(input, { network: 'local', style: 'native', conditions: given })
    assert.ok(own.output.equals(native.output), JSON.stringify(given))
  }
})

test('verification', () => {
  for (const [file, network] of inputs.filter(([file]) => /pubnet-run|testdata\/ledgers|p22-5750/.test(file))) {
    const input = readFileSync(file)
    const own = run(input, { network, verify: true })
    const [ledgers, rest] = [pipeline(input, ['ledger-split', '--verify', '--network', network])]
      .map((run) => [run, pipeline(run.output, ['invocation-extract', '--verify'])])[0]
    assert.equal(own.status, ledgers.status || rest.status, `${file}: ${own.message}`)
    assert.ok(own.output.equals(rest.output), file)
  }
})

const folder = mkdtempSync(join(tmpdir(), 'soroban-module-'))
let files = 0

function requestFile(request) {
  const file = join(folder, `${files++}.json`)
  writeFileSync(file, JSON.stringify(request))
  return file
}
