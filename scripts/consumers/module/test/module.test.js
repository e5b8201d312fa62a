// The module alone: its size, its interface, single values, sessions.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { SorobanError, compile, load, parseLines } from '../soroban.js'
import { pipeline, root, run, soroban, wasmFile } from './tools.js'

const bytes = readFileSync(wasmFile)
const ledgers = readFileSync(`${root}/testdata/ledgers.xdr`)

test('nothing is imported, and everything that soroban.h declares is exported', () => {
  const module = new WebAssembly.Module(bytes)
  assert.deepEqual(WebAssembly.Module.imports(module), [])
  const header = readFileSync(`${root}/Sources/WebModule/include/soroban.h`, 'utf8')
  const declared = [...header.replaceAll(/\/\*[^]*?\*\//g, '').matchAll(/\b(soroban_\w+)\(/g)].map((match) => match[1])
  const exported = WebAssembly.Module.exports(module).map((one) => one.name)
  assert.deepEqual([...declared, '_initialize', 'memory'].sort(), exported.sort())
})

test('it does not grow', () => {
  // Without wasm-opt it is larger.
  const isOptimized = spawnSync('wasm-opt', ['--version']).status === 0
  const packed = gzipSync(bytes, { level: 9 }).length
  assert.ok(bytes.length <= (isOptimized ? 998_500 : 1_148_000), `${bytes.length} bytes`)
  assert.ok(packed <= (isOptimized ? 421_500 : 442_500), `${packed} bytes with gzip`)
})

test('it loads from bytes, a compiled module, a response, and promises of these', async () => {
  const headers = { 'content-type': 'application/wasm' }
  for (const source of [bytes, await compile(bytes), new Response(bytes), Promise.resolve(new Response(bytes, { headers }))]) {
    assert.match((await load(source)).version, /^\d+\.\d+\.\d+$/)
  }
  await assert.rejects(load(new Response('', { status: 404 })), /404/)
})

test('single values, both ways, as scval-json does them', () => {
  const module = soroban()
  const values = [
    ...readFileSync(`${root}/testdata/values.ndjson`, 'utf8').trim().split('\n').map((line) => JSON.parse(line)),
    ...realValues()
  ]
  let count = 0
  for (const { type, xdr, json } of values) {
    if (!xdr) continue
    const text = module.decode(xdr, { type })
    if (json !== undefined) assert.equal(text, typeof json === 'string' ? json : JSON.stringify(json), `${type} ${xdr}`)
    assert.equal(module.encode(text, { type }), xdr, `${type} ${text}`)
    assert.equal(module.decode(Buffer.from(xdr, 'base64'), { type }), text)
    count += 1
  }
  assert.ok(count > 10)
  assert.equal(module.decode('AAAADwAAAAh0cmFuc2Zlcg=='), '{"symbol":"transfer"}')
  assert.equal(module.decode('AAAADwAAAAh0cmFuc2Zlcg==\n', { style: 'native', type: 'scval' }), '"transfer"')
  const listed = pipeline(Buffer.alloc(0), ['scval-json', '--list-types']).output.toString().trim().split('\n')
  assert.deepEqual(module.types(), listed)
})

/** The values of the real ledgers, if they exist. */
function realValues() {
  const file = `${root}/../shared/ledgers/values/values.ndjson`
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line))
}

test('values that are none, with the words of scval-json', () => {
  const module = soroban()
  const cases = [
    ['AAAADw', {}],
    ['0000000f00000004', {}],
    ['AAAAZA==', {}],
    ['AAAADwAAAAT/////', { type: 'TransactionEnvelope' }],
    ['AAAAEAAAAAH/////', {}]
  ]
  for (const [value, options] of cases) {
    const stage = ['scval-json', ...(options.type ? ['--type', options.type] : [])]
    const said = pipeline(Buffer.from(`${value}\n`), stage)
    assert.throws(() => module.decode(value, options), (error) => {
      assert.ok(error instanceof SorobanError)
      assert.equal(error.status, 3)
      assert.ok(said.messages.startsWith(`scval-json: standard input: ${error.message} (byte`), `${said.messages}: ${error.message}`)
      return true
    })
  }
  assert.throws(() => module.decode('AAAA', { type: 'Nothing' }), { status: 2, message: "'Nothing' is not a known type" })
  const said = pipeline(Buffer.from('{"u32":-1}\n'), ['scval-json', '--encode'])
  assert.throws(() => module.encode('{"u32":-1}'), (error) => said.messages.includes(error.message) && error.offset === 7)
})

test('values as deep as they may be, and deeper', () => {
  const module = soroban()
  const nested = (levels) => Buffer.concat([...Array(levels - 1).fill('000000100000000100000001'), '000000100000000100000000'].map((word) => Buffer.from(word, 'hex')))
  for (const style of ['sep51', 'native']) {
    const text = module.decode(nested(500), { style })
    if (style === 'sep51') assert.equal(module.encode(text), nested(500).toString('base64'))
    assert.throws(() => module.decode(nested(501), { style }), /nested more than 500 levels deep/)
  }
  assert.throws(() => module.encode('['.repeat(100_000)), { status: 3 })
  assert.throws(() => module.open({ request: JSON.parse(`${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`) }), { status: 2 })
})

test('times after 2038', () => {
  soroban().open({ now: 5_000_000_000, conditions: { recent: '1h' } }).close()
})

test('options that are wrong', () => {
  const module = soroban()
  const cases = [
    [{ mode: 'nothing' }, /^mode: 'nothing' is not one of invocations, events, transactions, ledgers$/],
    [{ colour: 'red' }, /^colour: there is no such option$/],
    [{ conditions: { topik: 'a' } }, /^conditions.topik: there is no such option$/],
    [{ ledgers: '9-5' }, /^ledgers: the range is reversed; write 5-9$/],
    [{ ledgers: ['5-9', 'x'] }, /^ledgers: not a range/],
    [{ mode: 'events', style: 'proto' }, /^the style proto needs/],
    [{ style: 'native', specs: [{ data: 'AAAA' }] }, /^specs\.?.*: not a contract specification/],
    [{ mode: 7 }, /^mode: expected a string$/],
    [{ soroban: 'yes' }, /^soroban: expected true or false$/],
    [{ maxRecord: 'large' }, /^maxRecord: expected a number$/],
    [{ specs: 'asset' }, /^specs: expected a list$/],
    [{ specs: ['asset'] }, /^specs: expected an object$/],
    [{ now: -1 }, /^now: '-1' is not a time in Unix seconds$/],
    [{ after: 'later' }, /^after: not a TOID in decimal$/],
    [{ tx: 'abc' }, /^tx: 'abc' is not a transaction hash, which has 64 hex digits$/],
    [{ include: ['all'] }, /^include: 'all' is not one of events, diagnostics, /],
    [{ type: ['burn'] }, /^type: 'burn' is not one of call, create, upload$/],
    [{ network: '' }, /^network: it takes a name such as testnet, or a passphrase$/],
    [{ soroban: true }, /^soroban and tx need the mode transactions$/],
    [{ mode: 'events', include: ['state'] }, /^include, exclude, type, footprintOps, omitUnchanged and after need the mode invocations$/],
    [{ mode: 'ledgers', request: {} }, /^request and conditions need the mode invocations or events$/],
    [{ mode: 'ledgers', style: 'native', specs: [] }, /^specs need the mode invocations or events$/],
    [{ specs: [] }, /^specs need the style sep51 or native$/],
    [{ style: 'native', specs: [{}] }, /^specs: a contract interface without data$/],
    [{ style: 'native', specs: [{ contract: 'GABC', data: '' }] }, /^specs.contract: 'GABC' is not a C… address$/],
    [{ style: 'native', specs: [{ data: '?' }] }, /^specs.data: not base64$/],
    [{ maxRecord: 0 }, /^maxRecord: '0' is not a whole number/],
    [{ request: { topicIndex: 1 } }, /topicIndex/],
    [{ request: { contentFilter: { topicFilters: [{ topicIndex: 4294967295, pattern: '(' }] } } }, /expression/],
    [{ conditions: { arg: '/(/' } }, /not a POSIX extended regular expression/],
    [{ conditions: { contract: 'GABC' } }, /^--contract: /]
  ]
  for (const [options, message] of cases) {
    assert.throws(() => module.open(options), (error) => {
      assert.match(error.message, message)
      return error instanceof SorobanError && error.status === 2
    })
  }
})

test('numbers of more than 31 bits in conditions', () => {
  const module = soroban()
  const records = pipeline(ledgers, ['ledger-split', '--network', 'local'], ['invocation-extract', '-o', 'xdr']).output
  const conditions = [
    { arg: '4294967295=x' }, { arg: '4294967296=x' }, { arg: '4294967295.amount=x' }, { arg: '0.4294967295=*' }, { topic: '2147483648=*' },
    { data: '4294967295=x' }, { data: '.2147483648=x' }, { state: '3000000000=>1' }, { data: '<=18446744073709551616' },
    { function: '/a{4294967295}/' }, { function: '/a{99999999999999999999}/' }, { since: '4102444800' }, { until: '4102444800' },
    { since: '18446744073709551616' }, { recent: '18446744073709551616s' }, { recent: '1w2d3h4m5s' }, { recent: '5s\u0301' }
  ]
  for (const given of conditions) {
    const [[name, value]] = Object.entries(given)
    const native = pipeline(records, ['event-filter', '-q', '-o', 'ndjson', `--${name}=${value}`])
    const own = run(ledgers, { network: 'local', conditions: given }, 1 << 20, module)
    assert.equal(own.status === 0 ? '' : `event-filter: ${own.message}\n`, native.messages)
    assert.equal(own.status, native.status, value)
    assert.ok(own.output.equals(native.output), value)
  }
  module.open({ after: '9223372036854775807' }).close()
  for (const after of ['9223372036854775808', '-1', '', '+', '1 ', '1e3']) {
    assert.throws(() => module.open({ after }), { message: 'after: not a TOID in decimal', status: 2 })
  }
  assert.throws(() => module.open({ maxRecord: 2147483648 }), { status: 2 })
})

test('a filter that is wrong has the words of event-filter', () => {
  const request = { stateFilter: { operations: ['STATE_CHANGE_OPERATION_NOTHING'] } }
  const file = join(mkdtempSync(join(tmpdir(), 'soroban-module-')), 'request.json')
  writeFileSync(file, JSON.stringify(request))
  const said = pipeline(readFileSync(`${root}/testdata/invocations.ndjson`), ['event-filter', '--request', file])
  assert.equal(said.status, 2)
  assert.throws(() => soroban().open({ request }), (error) => error.status === 2 && said.messages === `event-filter: ${error.message}\n`)
})

test('sessions side by side do not disturb each other', () => {
  const module = soroban()
  const styles = ['raw', 'sep51', 'native', 'proto']
  const wanted = styles.map((style) => run(ledgers, { network: 'local', style }).output)
  const sessions = styles.map((style) => module.open({ network: 'local', style }))
  const pieces = sessions.map(() => [])
  for (let start = 0; start < ledgers.length; start += 1000) {
    for (const [index, session] of sessions.entries()) {
      for (const piece of session.pieces(ledgers.subarray(start, start + 1000))) pieces[index].push(piece)
    }
    module.decode('AAAAAQ==')
  }
  for (const [index, session] of sessions.entries()) {
    session.end()
    for (const piece of session) pieces[index].push(piece)
    assert.ok(Buffer.concat(pieces[index]).equals(wanted[index]), styles[index])
    session.close()
    session.close()
    assert.throws(() => session.feed(ledgers), /closed/)
  }
})

test('a finished record is not held back where the input pauses', () => {
  // Two consecutive ledgers: only the next bytes, or a pause, show that the first one has ended.
  const object = readFileSync(`${root}/testdata/lake/FFFFFBFF--1024-1031/FFFFFBFF--1024-1025.xdr.zst`)
  const bare = Buffer.concat(pipeline(object, ['ledger-split', '--by', 'ledger', '-o', 'ndjson']).output.toString().trim()
    .split('\n').map((line) => Buffer.from(line, 'base64')))
  const session = soroban().open({ mode: 'ledgers' })
  session.feed(bare)
  session.flush()
  const lines = [...session].flatMap((piece) => Buffer.from(piece).toString().trim().split('\n'))
  assert.equal(lines.length, 2)
})

test('ranges end the input early', () => {
  const module = soroban()
  const session = module.open({ network: 'local', mode: 'ledgers', ledgers: '1026-1027' })
  const lines = [...session.pieces(ledgers)].flatMap((piece) => [...Buffer.from(piece).toString().trim().split('\n')])
  assert.equal(lines.length, 2)
  assert.ok(session.isOver)
  assert.equal(session.counters.last_ledger, 1027)
})

test('counters are those of --stats', () => {
  const stats = pipeline(ledgers, ['ledger-split', '--stats', '--network', 'local', '-o', 'ndjson']).messages
  const { ledgers: count, first_ledger, last_ledger, records_out, bytes_in, bytes_out } = JSON.parse(stats.trim().split('\n').at(-1))
  const own = run(ledgers, { mode: 'transactions', network: 'local' }).counters
  assert.deepEqual(
    [own.ledgers, own.first_ledger, own.last_ledger, own.records_out, own.bytes_in, own.bytes_out],
    [count, first_ledger, last_ledger, records_out, bytes_in, bytes_out])
})

test('warnings are those of ledger-split', () => {
  const again = Buffer.concat([ledgers, ledgers])
  const said = pipeline(again, ['ledger-split', '--network', 'local', '--soroban']).messages.trim().split('\n')
  const own = run(again, { network: 'local', mode: 'transactions' })
  assert.ok(own.warnings.length > 0)
  assert.deepEqual(own.warnings.map((line) => `ledger-split: ${line}`), said)
})

test('of many warnings of a kind ten are said, and the rest is counted', () => {
  const again = Buffer.concat(Array(13).fill(ledgers))
  const { warnings } = run(again, { network: 'local', mode: 'ledgers' })
  assert.equal(warnings.length, 11)
  assert.equal(warnings[10], '2 more steps back (at most 10 are shown)')
})

test('pipe and records: whole inputs', async () => {
  const module = soroban()
  const wanted = run(ledgers, { network: 'local', style: 'native' }).output
  const pieces = []
  for await (const piece of module.pipe({ network: 'local', style: 'native' }, new Blob([ledgers]).stream())) pieces.push(piece)
  assert.ok(Buffer.concat(pieces).equals(wanted))
  const records = []
  for await (const record of module.records({ network: 'local', style: 'native' }, [ledgers])) records.push(record)
  assert.deepEqual(records, [...parseLines(wanted)])
})

test('memory stays bounded however long the input is', () => {
  const module = soroban()
  const session = module.open({ network: 'local', mode: 'transactions', keepGoing: true })
  const size = () => module.exports.memory.buffer.byteLength
  let [written, first] = [0, 0]
  for (let round = 0; round < 60; round++) {
    for (const piece of session.pieces(ledgers)) written += piece.length
    session.takeWarnings()
    if (round === 10) first = size()
  }
  session.close()
  assert.ok(written > 8 << 20, `${written} bytes written`)
  assert.equal(size(), first)
})

test('a session that is closed leaves nothing behind', () => {
  const spec = readFileSync(`${root}/testdata/contract.wasm`).toString('base64')
  const input = ledgers.subarray(0, 20_000)
  const given = [
    {}, { style: 'native' }, { style: 'proto' }, { mode: 'events', style: 'sep51' }, { mode: 'transactions' }, { mode: 'ledgers' },
    { style: 'native', specs: [{ data: spec }] }, { conditions: { function: '/^a.*[0-9]{2,50}(x|é)+$/', succeeded: true } },
    { request: { contentFilter: { topicFilters: [{ topicIndex: 0, pattern: '^a' }] } } }, { conditions: { function: '/(/' } }
  ]
  for (const options of given) {
    const module = soroban()
    const size = (rounds) => {
      for (let round = 0; round < rounds; round++) run(input, { network: 'local', ...options }, 1 << 20, module)
      return module.exports.memory.buffer.byteLength
    }
    const first = size(10)
    assert.equal(size(100), first, JSON.stringify(options))
  }
  const module = soroban()
  const size = (rounds) => {
    for (let round = 0; round < rounds; round++) for (const style of ['sep51', 'native']) module.decode('AAAAAQ==', { style })
    return module.exports.memory.buffer.byteLength
  }
  const first = size(10)
  assert.equal(size(300), first)
})

test('the WASI command', { skip: !existsSync(wasmFile.replace('soroban.wasm', 'soroban-wasi.wasm')) }, () => {
  const file = wasmFile.replace('soroban.wasm', 'soroban-wasi.wasm')
  const script = `
    import { WASI } from 'node:wasi'
    import { readFileSync } from 'node:fs'
    const wasi = new WASI({ version: 'preview1', args: ['soroban', ...process.argv.slice(2)], returnOnExit: true })
    const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[1]), wasi.getImportObject())
    process.exitCode = wasi.start(instance)`
  const command = (input, options) =>
    spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script, file, JSON.stringify(options)], { input, maxBuffer: 1 << 28 })
  const good = command(ledgers, { network: 'local', style: 'native' })
  assert.ok(good.stdout.equals(run(ledgers, { network: 'local', style: 'native' }).output), good.stderr.toString())
  assert.equal(good.status, 0)
  const cut = command(ledgers.subarray(0, 1000), { network: 'local' })
  assert.deepEqual([cut.status, cut.stderr.toString()], [3, `soroban: ${run(ledgers.subarray(0, 1000), { network: 'local' }).message}\n`])
  assert.equal(command(ledgers, { mode: 'x' }).status, 2)
})
