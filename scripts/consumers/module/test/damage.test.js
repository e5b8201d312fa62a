// Damaged inputs: the status and the message equal those of the tools, and nothing traps.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { filesBelow, pipeline, random, root, run, soroban } from './tools.js'

const ledgers = readFileSync(`${root}/testdata/ledgers.xdr`)
const object = readFileSync(`${root}/testdata/lake/FFFFFBFF--1024-1031/FFFFFBFF--1024-1025.xdr.zst`)
const answers = readFileSync(`${root}/testdata/rpc/getLedgers.json`)
const bare = pipeline(object, ['ledger-split', '--by', 'ledger', '-o', 'ndjson']).output
const unframed = Buffer.concat(bare.toString().trim().split('\n').map((line) => Buffer.from(line, 'base64')))
const instance = soroban()

/** The output, the status and the message of the module and of ledger-split. */
function compare(input, name, options = {}, ...more) {
  const chunk = options.maxRecord ? 1 << 20 : 4096
  const native = pipeline(input, ['ledger-split', '-q', '--network', 'local', '-o', 'ndjson', ...more])
  const own = run(input, { mode: 'transactions', network: 'local', ...options }, chunk, instance)
  assert.equal(own.status, native.status, `${name}: ${own.message}, natively ${native.messages}`)
  assert.ok(own.output.equals(native.output), `${name}: ${own.output.length} bytes, natively ${native.output.length}`)
  if (own.status !== 0) assert.equal(`ledger-split: ${own.message}\n`, native.messages, name)
}

test('cut off anywhere', () => {
  const next = random(1)
  for (const [name, input] of Object.entries({ ledgers, object, answers, bare, unframed })) {
    for (const length of [0, 1, 3, 4, 5, 12, 100, ...Array.from({ length: 12 }, () => next(input.length))]) {
      compare(input.subarray(0, length), `${name}, ${length} bytes`)
    }
  }
})

test('bytes that are changed', () => {
  const next = random(2)
  for (const [name, input] of Object.entries({ ledgers, object, answers, bare, unframed })) {
    for (let round = 0; round < 25; round++) {
      const damaged = Buffer.from(input)
      const at = next(round % 2 ? input.length : 400)
      // Lengths and counts of more than 31 bits do not fit into a 32-bit Int.
      if (round % 3 === 0) damaged.fill(0xff, at, at + 4)
      else damaged[at] ^= 1 << next(8)
      compare(damaged, `${name}, byte ${at}, round ${round}`)
    }
  }
})

test('what is no ledger', () => {
  const inputs = {
    'gzip': Buffer.from([0x1f, 0x8b, 8, 0]),
    'zstd in zstd': Buffer.concat([Buffer.from('28b52ffd2004210000', 'hex'), object.subarray(0, 4)]),
    'a window of 2 GiB': Buffer.from('28b52ffd00a8000000', 'hex'),
    'the largest window': Buffer.from('28b52ffd00ff01000061', 'hex'),
    'text': Buffer.from('this is no ledger, but a sentence\n'),
    'html': Buffer.from('<html>\n<body>no</body></html>\n'),
    'a record of 2 GiB': Buffer.from('ffffffff00000000', 'hex'),
    'fragments of 2 GiB together': Buffer.concat([Buffer.from('00000004', 'hex'), Buffer.alloc(4), Buffer.from('7fffffff', 'hex')]),
    'a batch without end': Buffer.from('0000000300000002ffffffff', 'hex'),
    'an RPC error': Buffer.from('{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"start is before oldest ledger"}}\n'),
    'invocations': readFileSync(`${root}/testdata/invocations.ndjson`),
    'transactions': readFileSync(`${root}/testdata/transactions.ndjson`)
  }
  for (const [name, input] of Object.entries(inputs)) compare(input, name)
})

test('another network', () => {
  const own = run(ledgers, { network: 'pubnet' }, 65536, instance)
  const native = pipeline(ledgers, ['ledger-split', '--network', 'pubnet'])
  assert.deepEqual([own.status, `ledger-split: ${own.message}\n`], [native.status, native.messages])
  assert.equal(own.status, 3)
  assert.ok(own.error.ledger > 0 && own.error.record === 1)
})

test('a limit on the size of records', () => {
  compare(ledgers, 'maxRecord', { maxRecord: 500 }, '--max-record', '500')
  compare(unframed, 'maxRecord, unframed', { maxRecord: 500 }, '--max-record', '500')
  compare(answers, 'maxRecord, lines', { maxRecord: 500 }, '--max-record', '500')
  // The largest 31-bit number: no greater Int exists in the module.
  for (const input of ['0000000000000000', '7fffffff00', '28b52ffd00a8000000', '7b2261']) {
    compare(Buffer.from(input, 'hex'), 'maxRecord, any', { maxRecord: 2147483647 }, '--max-record', '2147483647')
  }
  // Such a large record does not fit into the module's memory.
  assert.equal(run(Buffer.from('ffffffff00000000', 'hex'), { maxRecord: 2147483647 }, 8, instance).status, 3)
})

test('going on behind what is damaged', () => {
  const damaged = Buffer.from(ledgers)
  // The version of the first ledger.
  damaged.fill(0xee, 4, 8)
  const native = pipeline(damaged, ['ledger-split', '-k', '--network', 'local', '-o', 'ndjson'])
  const own = run(damaged, { mode: 'transactions', network: 'local', keepGoing: true }, 1000, instance)
  assert.equal(own.status, 0)
  assert.ok(own.output.equals(native.output) && own.output.length > 0)
  assert.deepEqual(own.warnings.map((line) => `ledger-split: ${line}`), native.messages.trim().split('\n'))
})

test('every file of testdata, in every mode, changed here and there', () => {
  const next = random(3)
  const modes = ['invocations', 'events', 'transactions', 'ledgers']
  for (const file of filesBelow('testdata')) {
    const input = readFileSync(file).subarray(0, 200_000)
    for (let round = 0; round < 6; round++) {
      const damaged = Buffer.from(input)
      for (let count = 0; count < round; count++) damaged[next(damaged.length)] = next(256)
      const own = run(damaged, { mode: modes[round % 4], style: 'native', network: 'local', keepGoing: round % 2 === 0 }, 1000, instance)
      assert.ok([0, 2, 3].includes(own.status), `${file}: ${own.message}`)
    }
  }
})

test('ledger entries that are damaged, one after the other', () => {
  // The renderer records where entries begin; none of these ends.
  const own = soroban()
  for (const value of ['AAAAAK07gWw=', 'AAAAAK07gWw=', 'AAAAAvxmmA==', 'AAAAAK07gWw=']) {
    assert.throws(() => own.decode(value, { type: 'BucketEntry' }), { status: 3 })
  }
})

test('values of every type that are made of anything', () => {
  const next = random(4)
  for (const type of instance.types()) {
    for (let round = 0; round < 4; round++) {
      const bytes = Buffer.from(Array.from({ length: 4 * (1 + next(12)) }, (_, index) => (index % 4 < 3 && round % 2 ? 0 : next(256))))
      let text
      try {
        text = instance.decode(bytes, { type })
      } catch (error) {
        assert.equal(error.status, 3, `${type}: ${error.stack}`)
        continue
      }
      assert.equal(instance.encode(text, { type }), bytes.toString('base64'), type)
    }
  }
})
