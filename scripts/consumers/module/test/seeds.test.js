// The seed inputs for fuzzing (scripts/fuzz-seeds), complete and damaged: output, status and message equal those of the native
// tools, nothing traps, and memory does not grow. Tests/Fuzz defines the layout of a seed; this test takes each apart in the same
// way.

import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SorobanError } from '../soroban.js'
import { modes, pipeline, random, root, run, soroban } from './tools.js'

const folder = process.env.SOROBAN_SEEDS ?? join(root, '.build/fuzz-seeds')
const skip = existsSync(folder) ? false : 'scripts/fuzz-seeds has not been run'
const scratch = mkdtempSync(join(tmpdir(), 'soroban-seeds-'))
after(() => rmSync(scratch, { recursive: true }))

const instance = soroban()
const types = instance.types()
const ledgers = readFileSync(`${root}/testdata/ledgers.xdr`)
const network = 'local'
const invocations = pipeline(ledgers, ['ledger-split', '--network', network], ['invocation-extract', '-o', 'xdr']).output

/** The seeds of a target in the order of their numbers. */
function seeds(target) {
  const names = readdirSync(join(folder, target)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  return names.map((name) => ({ name: `${target}/${name}`, bytes: readFileSync(join(folder, target, name)) }))
}

/** Elements grouped by a key. */
function grouped(elements, key) {
  const groups = new Map()
  for (const element of elements) groups.set(key(element), [...(groups.get(key(element)) ?? []), element])
  return groups
}

const word = (bytes, at = 0) => (bytes.length > at + 1 ? bytes.readUInt16BE(at) : 0)

/** The bytes as one record with its mark. */
function marked(bytes) {
  const mark = Buffer.alloc(4)
  mark.writeUInt32BE(bytes.length + 2 ** 31)
  return Buffer.concat([mark, bytes])
}

/** The bytes truncated, and with changed bits, bytes and words; the same each time. */
function* damaged(bytes, count, seed) {
  const next = random(seed)
  for (let round = 0; round < count && bytes.length > 0; round++) {
    if (round % 3 === 0) yield bytes.subarray(0, next(bytes.length))
    const other = Buffer.from(bytes)
    const at = next(other.length)
    if (round % 3 === 1) other[at] ^= 1 << next(8)
    if (round % 3 === 2) other.fill([0xff, 0x80, 0x7f][next(3)], at, Math.min(at + 4, other.length))
    if (round % 3 !== 0) yield other
  }
}

/** One input through the module and through the tools. */
function compare(input, name, options, stages, chunk = 4096) {
  const native = pipeline(input, ...stages)
  const own = run(input, { network, ...options }, chunk, instance)
  const about = `${name} ${JSON.stringify(options)}: ${own.message} ${own.warnings.join('; ')}, natively ${native.messages}`
  assert.ok(own.output.equals(native.output), `${about} ${own.output.length} bytes, natively ${native.output.length}`)
  assert.equal(own.status, native.status, about)
  if (own.status !== 0) assert.ok(native.messages.split('\n').some((line) => line.endsWith(`: ${own.message}`)), about)
  return own
}

test('there are seeds of every target', { skip }, () => {
  const wanted = ['conditions', 'containers', 'filter', 'ledger', 'parse', 'spec', 'text', 'transaction', 'xdr']
  assert.deepEqual(readdirSync(folder).sort(), wanted)
  for (const target of wanted) assert.ok(seeds(target).length >= 5, target)
})

test('containers', { skip }, () => {
  for (const [index, { name, bytes }] of seeds('containers').entries()) {
    const choice = bytes[0]
    const input = ['auto', 'xdr', 'ndjson', 'auto'][choice & 3]
    const maxRecord = choice & 4 ? 100 : 1 << 16
    const split = ['ledger-split', '-q', '--network', network, '-i', input, '--max-record', `${maxRecord}`]
    for (const stream of [bytes.subarray(2), ...damaged(bytes.subarray(2), 12, index)]) {
      for (const chunk of [1 + bytes[1], 1 << 20]) {
        compare(stream, name, { mode: 'transactions', input, maxRecord }, [[...split, '-o', 'ndjson']], chunk)
        compare(stream, name, { mode: 'ledgers', input, maxRecord }, [[...split, '--by', 'ledger', '-o', 'ndjson']], chunk)
      }
    }
  }
})

test('ledgers, in every mode', { skip }, () => {
  for (const [index, { name, bytes }] of seeds('ledger').entries()) {
    for (const [options, stages] of modes) compare(marked(bytes), name, { keepGoing: true, ...options }, stages(network))
    for (const [round, other] of [...damaged(bytes, 9, index)].entries()) {
      const [options, stages] = modes[(index + round) % modes.length]
      compare(marked(other), `${name}, damaged ${round}`, { keepGoing: true, ...options }, stages(network))
      // Only the ledger itself shows where it ends.
      const split = ['ledger-split', '-q', '--network', network, '-o', 'ndjson']
      compare(other, `${name}, bare, damaged ${round}`, { mode: 'transactions' }, [split], 777)
    }
  }
})

test('transactions, and answers of an RPC server', { skip }, () => {
  for (const [index, { name, bytes }] of seeds('transaction').entries()) {
    const choice = word(bytes)
    const isText = (choice & 8) !== 0
    const inputs = [bytes.subarray(2), ...damaged(bytes.subarray(2), 3, index)]
    for (const by of choice & 16 && isText ? ['event'] : ['invocation', 'event']) {
      const extract = ['invocation-extract', '-q', '--network', network, '--by', by, '-o', 'ndjson']
      for (const [round, other] of inputs.entries()) {
        const input = isText ? other : marked(other)
        const split = pipeline(input, ['ledger-split', '-q', '--network', network])
        const native = pipeline(input, extract)
        const own = run(input, { network, mode: `${by}s` }, 1000, instance)
        // Input that does not begin like a transaction is read as ledgers.
        const expected = split.status === 0 || own.message === split.messages.trim().replace(/^ledger-split: /, '') ? split : native
        const about = `${name}, round ${round}, by ${by}: ${own.status} ${own.message}, natively ${native.messages}`
        assert.equal(own.status, expected.status, about)
        if (expected === native) assert.ok(own.output.equals(native.output), about)
        if (own.status !== 0) assert.ok(expected.messages.trim().endsWith(`: ${own.message}`), about)
      }
    }
  }
})

/** The module's output for many values, one by one: the lines, and the errors by value. */
function each(values, convert) {
  const lines = []
  const messages = new Map()
  for (const [index, value] of values.entries()) {
    try {
      lines.push(convert(value))
    } catch (error) {
      assert.ok(error instanceof SorobanError, `${value}: ${error.stack}`)
      assert.equal(error.status, 3)
      messages.set(index + 1, error.message)
    }
  }
  return { lines, messages }
}

/** The same values, one per line, through scval-json. */
function compareValues(name, values, options, convert) {
  const input = Buffer.concat(values.flatMap((value) => [Buffer.from(value), Buffer.from('\n')]))
  const native = pipeline(input, ['scval-json', '-k', '-i', 'ndjson', ...options])
  const own = each(values, convert)
  const said = new Map()
  for (const line of native.messages.split('\n')) {
    const match = /^scval-json: standard input: (.*) \(byte \d+, record (\d+)\)$/.exec(line)
    if (match) said.set(Number(match[2]), match[1])
  }
  for (const [record, message] of [...own.messages, ...said]) {
    assert.equal(own.messages.get(record), said.get(record), `${name}, record ${record}: ${values[record - 1]} ${message}`)
  }
  assert.deepEqual(own.lines, native.output.toString().split('\n').slice(0, -1), name)
}

test('values of every type, both ways and in both styles', { skip }, () => {
  const values = grouped(seeds('xdr'), ({ bytes }) => types[word(bytes) % types.length])
  const texts = grouped(seeds('parse'), ({ bytes }) => types[word(bytes) % types.length])
  assert.ok(values.size > 0.9 * types.length)
  for (const [index, type] of types.entries()) {
    const xdr = (values.get(type) ?? []).map(({ bytes }) => bytes.subarray(4))
    // The tool reports lines as long as those of base64(1) and openssl as wrapped; the module gets values, not lines.
    const base64 = xdr.flatMap((value) => [value, ...damaged(value, 4, index)])
      .map((value) => value.toString('base64')).filter((text) => ![0, 64, 76].includes(text.length))
    for (const style of ['sep51', 'native']) {
      compareValues(`${type} ${style}`, base64, ['--type', type, '--style', style], (value) => instance.decode(value, { type, style }))
    }
    const json = (texts.get(type) ?? []).map(({ bytes }) => bytes.subarray(2).toString())
    compareValues(`${type} --encode`, json, ['--type', type, '--encode'], (text) => instance.encode(text, { type }))
    // The tool looks for the end of a line first, so its message for damaged text may differ: only traps are tested here.
    const broken = json.flatMap((text) => [...damaged(Buffer.from(text), 6, index)].map((bytes) => bytes.toString()))
    each(broken, (text) => instance.encode(text, { type }))
  }
})

test('texts: as input, as values, and as keys', { skip }, () => {
  const texts = [...new Set(seeds('text').map(({ bytes }) => bytes.subarray(3).toString('latin1')))].map((text) => Buffer.from(text, 'latin1'))
  const split = ['ledger-split', '-q', '--network', network, '-o', 'ndjson']
  for (const text of texts.filter((_, index) => index % 4 === 0)) compare(text, `text ${text}`, { mode: 'transactions' }, [split], 100)
  const lines = texts.flatMap((text, index) => [text, ...damaged(text, 2, index)])
    .map((text) => text.toString('latin1').replaceAll(/[^ -~]/g, '?').trim()).filter((text) => text !== '')
  for (const type of ['SCVal', 'SCAddress', 'AccountID', 'MuxedAccount', 'ContractID', 'SignerKey', 'PoolID', 'ClaimableBalanceID']) {
    // A text that is not JSON is the text of a key here.
    const json = lines.map((text) => (/^[{["]/.test(text) ? text : JSON.stringify(text)))
    compareValues(`texts as ${type}`, json, ['--type', type, '--encode'], (text) => instance.encode(text, { type }))
  }
})

const contract = 'CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6'
const account = 'GBV3T34I4MHE7Z6WFF2XQEFMW4J26YXVX6M26B6BJA5UPY4BUPJJ7SR3'

// As in Tests/Fuzz/Records.swift, with the names of event-filter's options.
const conditions = [
  {}, { contract: [contract] }, { involves: [contract] }, { function: ['t*'] }, { function: ['/a|e/'], 'any-call': true },
  { account: [account] }, { type: ['create,upload'] }, { succeeded: true }, { result: ['trapped'] },
  { since: '2024-01-01T00:00:10Z' }, { since: '2024-01-01T00:00:30Z' }, { topic: ['transfer/**'] },
  { topic: ['1=hex:00'], 'event-type': ['diagnostic'] }, { arg: ['*a*'] }, { arg: ['0=>5'] }, { data: ['/[0-9]/'] },
  { state: ['>=1'], 'value-type': ['numeric'] }, { 'value-type': ['address'] }, { has: ['events', 'auth'] },
  { has: ['calls,diagnostics'] }, { change: ['create'] }, { durability: ['temporary'], affects: [contract] }, { 'min-args': 2 },
  { 'max-args': 1 }, { tx: ['ab'.repeat(32)] }, { state: ['hex:00ff'] }
]

/** The same for the command line. */
const optionsOf = (chosen) =>
  Object.entries(chosen).flatMap(([name, value]) => (value === true ? [`--${name}`] : [value].flat().map((one) => `--${name}=${one}`)))

/** One filter over the invocations of testdata/ledgers.xdr. */
function compareFilter(name, chosen, options) {
  const native = pipeline(invocations, ['event-filter', '-q', '-o', 'ndjson', '--network', network, ...options])
  const own = run(ledgers, { network, ...chosen }, 1 << 20, instance)
  const about = `${name} ${JSON.stringify(chosen)}: ${own.status} ${own.message}, natively ${native.messages}`
  assert.equal(own.status, native.status, about)
  assert.ok(own.output.equals(native.output), about)
  if (own.status !== 0) assert.equal(`event-filter: ${own.message}\n`, native.messages, about)
  return own
}

test('filters', { skip }, () => {
  const done = new Set()
  let [some, none] = [0, 0]
  for (const { name, bytes } of seeds('filter')) {
    const choice = bytes[1]
    const chosen = {}
    for (let index = 0; index <= (choice & 3) % 3; index++) Object.assign(chosen, conditions[bytes[2 + index] % conditions.length])
    if (choice & 4) chosen.any = true
    for (const given of [chosen, { ...chosen, 'invert-match': true }]) {
      if (done.has(JSON.stringify(given))) continue
      done.add(JSON.stringify(given))
      const { output } = compareFilter(name, { conditions: given }, optionsOf(given))
      if (output.length > 0) some += 1
      else none += 1
    }
    // A record is not a ledger, whatever it contains.
    const record = bytes.subarray(5)
    for (const mode of ['invocations', 'ledgers']) {
      compare(bytes[0] ? record : marked(record), name, { mode }, [['ledger-split', '-q', '--network', network]], 1 << 20)
    }
  }
  assert.ok(some > 10 && none > 10, `${some} filters with and ${none} without records`)
})

test('patterns, times and requests', { skip }, () => {
  const names = ['function', 'arg', 'topic', 'data', 'state', 'since', 'recent', 'contract', 'type', 'tx', 'has', 'until']
  for (const [index, { name, bytes }] of seeds('conditions').entries()) {
    const text = bytes[0] === 255 ? bytes.subarray(1) : bytes.subarray(3, 3 + word(bytes, 1))
    for (const [round, other] of [text, ...damaged(text, bytes[0] === 255 ? 30 : 2, index)].entries()) {
      if (bytes[0] !== 255) {
        // As a shell can pass it: no zero byte, and well-formed.
        const pattern = other.toString().replaceAll('\0', '?')
        const given = { [names[bytes[0] % names.length]]: pattern }
        compareFilter(`${name}, round ${round}`, { conditions: given }, optionsOf(given))
        continue
      }
      const file = join(scratch, 'request.json')
      writeFileSync(file, other)
      const native = pipeline(invocations, ['event-filter', '-q', '-o', 'ndjson', '--request', file])
      const options = Buffer.concat([Buffer.from(`{"network":"${network}","request":`), other, Buffer.from('}')])
      const own = run(ledgers, options, 1 << 20, instance)
      const about = `${name}, round ${round}: ${own.message}, natively ${native.messages}`
      assert.equal(own.status, native.status, about)
      assert.ok(own.output.equals(native.output), about)
      if (round === 0 && own.status !== 0) assert.equal(`event-filter: ${own.message}\n`, native.messages)
    }
  }
})

test('contract interfaces', { skip }, () => {
  const done = new Set()
  let good = 0
  for (const [index, { name, bytes }] of seeds('spec').entries()) {
    const style = bytes[0] & 1 ? 'native' : 'sep51'
    const spec = bytes.subarray(3, 3 + word(bytes, 1))
    const key = `${style} ${spec.toString('base64')}`
    if (done.has(key)) continue
    done.add(key)
    for (const [round, file] of [spec, ...damaged(spec, spec.length > 1000 ? 60 : 6, index)].entries()) {
      const path = join(scratch, 'contract.spec')
      writeFileSync(path, file)
      const native = pipeline(invocations, ['scval-json', '-q', '--style', style, '--spec', path])
      const own = run(ledgers, { network, style, specs: [{ data: file.toString('base64') }] }, 1 << 20, instance)
      const about = `${name}, round ${round}: ${own.message}, natively ${native.messages}`
      assert.ok(own.output.equals(native.output), about)
      assert.equal(own.status === 0, native.status === 0, about)
      if (own.status === 0) {
        good += 1
        continue
      }
      // For the module an interface is one of its options, and an error in options has the status 2.
      assert.deepEqual([own.status, native.status], [2, 3], about)
      assert.equal(own.message.replace(/^specs: /, ''), native.messages.trim().replace(`scval-json: ${path}: `, ''), about)
    }
  }
  assert.ok(good > 10)
})

test('after all of this the memory of the module is as large as one input needs it', { skip }, () => {
  assert.ok(instance.exports.memory.buffer.byteLength <= 64 << 20, `${instance.exports.memory.buffer.byteLength} bytes`)
})
