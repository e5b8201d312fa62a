// The client with real pipelines of the filters.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Backoff, InvocationClient, pipelineOf, ProtocolError, RequestError, StageError, UnavailableError, type Filter, type Style } from '../src/index.js'
import { all, lake, parsed, pipe, streamOf, testdata } from './support.js'

const SPLIT = ['ledger-split', '-q', '--network=local', lake]
const local = (style: Style = 'native'): string[][] => pipelineOf({ ledgers: lake, network: 'local', style })

test('invocations and events of every style are those of the filters', async () => {
  for (const style of ['native', 'sep51', 'raw', 'proto'] as const) {
    const decode = style === 'raw' ? [] : [['scval-json', '-q', `--style=${style}`]]
    const found = await all(InvocationClient.fromPipeline<typeof style>(...local(style)).invocations())
    assert.deepEqual(found, parsed(pipe(SPLIT, ['invocation-extract'], ...decode)))
    assert.ok(found.length > 80)
    if (style === 'proto') continue
    assert.deepEqual(await all(InvocationClient.fromPipeline<typeof style>(...local(style)).events()),
      parsed(pipe(SPLIT, ['invocation-extract', '--by=event'], ...decode)))
  }
})

test('filters select what event-filter selects', async () => {
  const cases: [Filter, string[]][] = [
    [{ function: 'swap' }, ['--function=swap']],
    [{ succeeded: true, type: ['create', 'upload'] }, ['--succeeded', '--type=create', '--type=upload']],
    [{ function: ['swap', 'deposit'], failed: true, any: true }, ['--function=swap', '--function=deposit', '--failed', '--any']],
    [{ topic: 'transfer/**' }, ['--topic=transfer/**']],
    [{ arg: '/^G/', minArgs: 2, invertMatch: true }, ['--arg=/^G/', '--min-args=2', '--invert-match']],
    [{ function: 'register', anyCall: true }, ['--function=register', '--any-call']], [{ involves: 'native' }, ['--involves=native', '--network=local']],
    [{ maxCount: 3 }, ['--max-count=3']],
    [{ result: 'trapped' }, ['--result=trapped']],
    [{ has: ['events', 'state'] }, ['--has=events', '--has=state']],
    [{ data: '.=>1000' }, ['--data=.=>1000']],
  ]
  for (const [filter, options] of cases) {
    const expected = parsed(pipe(SPLIT, ['invocation-extract'], ['event-filter', '-q', ...options], ['scval-json', '-q', '--style=native']))
    assert.deepEqual(await all(InvocationClient.fromPipeline(...local()).invocations({ filter })), expected, JSON.stringify(filter))
    assert.ok(expected.length > 0, JSON.stringify(filter))
  }
  const request = { successfulOnly: true, typeFilter: 'INVOCATION_TYPE_FILTER_CREATE_CONTRACT' as const }
  const found = await all(InvocationClient.fromPipeline(...local()).invocations({ filter: { request } }))
  assert.ok(found.length > 0 && found.every((record) => record.create_contract !== undefined && record.meta.successful))
  const footprints = await all(InvocationClient.fromPipeline(...local()).invocations({ filter: { type: 'extend' } }))
  assert.ok(footprints.length > 0 && footprints.every((record) => record.extend_ttl !== undefined))
})

test('every record can be gone on after', async () => {
  for (const kind of ['invocations', 'events'] as const) {
    const records = await all(streamOf(InvocationClient.fromPipeline(...local()), kind, { start: 1027, end: 1040 }))
    for (let index = 0; index < records.length; index += 13) {
      const first = streamOf(InvocationClient.fromPipeline(...local()), kind, { start: 1027, end: 1040 })
      let count = 0
      for await (const _ of first) {
        count += 1
        if (count === index + 2) break
      }
      // The current record when the loop ended is not done.
      const rest = await all(streamOf(InvocationClient.fromPipeline(...local()), kind, { start: 1027, end: 1040, after: first.position! }))
      assert.deepEqual(rest, records.slice(index + 1))
    }
  }
})

test('ledgers in any order lose nothing', async () => {
  const files = [join(testdata, 'events.xdr'), join(testdata, 'ledgers.xdr'), join(testdata, 'ledgers.xdr')]
  const expected = parsed(pipe(['ledger-split', '-q', '--network=local', ...files], ['invocation-extract'], ['scval-json', '-q', '--style=native']))
  assert.deepEqual(await all(InvocationClient.fromPipeline(...pipelineOf({ ledgers: files, network: 'local' })).invocations()), expected)
})

test('a pipeline that follows is begun again behind the last record', async () => {
  // Its first run is killed after a while, as by a machine that is out of memory.
  const folder = mkdtempSync(join(tmpdir(), 'soroban-node-'))
  const mark = join(folder, 'mark')
  const program = `if [ -e "${mark}" ]; then exec cat; fi; : > "${mark}"; head -n 20; kill -9 $$`
  try {
    const stages = local()
    const client = InvocationClient.fromPipeline(...stages, ['sh', '-c', program])
    const expected = parsed(pipe(SPLIT, ['invocation-extract'], ['scval-json', '-q', '--style=native']))
    const found: unknown[] = []
    const stream = client.invocations({ follow: true, end: 1051, backoff: new Backoff({ base: 1 }) })
    for await (const record of stream) found.push(record)
    assert.deepEqual(found, expected)
    assert.equal(client.metrics.reconnects, 1)
    assert.ok(stream.lastError instanceof StageError)
    assert.equal(stream.lastError.status, 137)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('ranges', async () => {
  const ledgers = async (options: object): Promise<number[]> => {
    const found = await all(InvocationClient.fromPipeline(...local()).invocations(options))
    return [...new Set(found.map((record) => record.meta.ledger_sequence))]
  }
  assert.deepEqual(await ledgers({ start: 1031, end: 1032 }), [1031, 1032])
  assert.deepEqual(await ledgers({ end: 1027 }), [1026, 1027])
  assert.deepEqual(await ledgers({ start: 1051 }), [1051])
})

/** The child processes of this one. */
function children(): string[] {
  return readdirSync(`/proc/${process.pid}/task`).flatMap((task) => readFileSync(`/proc/${process.pid}/task/${task}/children`, 'utf8').split(' ')).filter((id) => id !== '')
}

test('leaving the loop, an abort and closing end the programs', async () => {
  // Its second stage waits for ledgers endlessly.
  const client = InvocationClient.fromPipeline(...local())
  for await (const record of client.invocations({ follow: true })) {
    assert.ok(record.meta.toid)
    assert.ok(children().length >= 3)
    break
  }
  assert.deepEqual(children(), [])
  const abort = new AbortController()
  let count = 0
  const stream = client.invocations({ follow: true, signal: abort.signal })
  for await (const _ of stream) if ((count += 1) === 80) abort.abort()
  assert.equal(count, 80)
  assert.equal(stream.status, 'closed')
  assert.deepEqual(children(), [])
  assert.deepEqual(await all(client.invocations({ signal: abort.signal })), [])
  const closed = client.invocations({ follow: true, start: 1051 })
  for await (const _ of closed) closed.close()
  assert.equal(closed.status, 'closed')
  assert.deepEqual(children(), [])
})

test('a stream is read once', async () => {
  const stream = InvocationClient.fromPipeline(...local()).invocations({ end: 1027 })
  await all(stream)
  await assert.rejects(all(stream), RequestError)
})

test('what the filters say is the error', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'soroban-node-'))
  const damaged = join(folder, 'ledgers.xdr')
  const data = readFileSync(join(testdata, 'ledgers.xdr'))
  writeFileSync(damaged, data.subarray(0, data.length - 100))
  try {
    const client = InvocationClient.fromPipeline(...pipelineOf({ ledgers: damaged, network: 'local' }))
    const stream = client.invocations()
    const found: unknown[] = []
    await assert.rejects(async () => {
      for await (const record of stream) found.push(record)
    }, (error: unknown) => {
      assert.ok(error instanceof StageError)
      assert.deepEqual([error.tool, error.status], ['ledger-split', 3])
      assert.match(error.message, /^.*ledgers\.xdr: .*\(byte \d+, record \d+/)
      return true
    })
    // All records before the error were handed out.
    assert.ok(found.length > 75)
    assert.equal(stream.status, 'failed')
    assert.match(client.metrics.prometheus(), /errors_total\{class="stage"\} 1/)
  } finally {
    rmSync(folder, { recursive: true })
  }
  const fails = (stages: string[][], options: object, kind: new (message: string) => Error, pattern: RegExp): Promise<void> =>
    assert.rejects(all(InvocationClient.fromPipeline(...stages).invocations(options)), (error: unknown) => {
      assert.ok(error instanceof kind, String(error))
      assert.match(error.message, pattern)
      return true
    })
  await fails(local(), { filter: { contract: 'x' } }, RequestError, /'x'/)
  await fails(pipelineOf({ ledgers: '/does/not/exist', network: 'local' }), {}, StageError, /exist: No such file/)
  await fails([['soroban-no-such-program']], {}, RequestError, /ENOENT/)
  await fails([['cat', join(testdata, 'README.md')]], {}, ProtocolError, /not JSON: # Test material/)
  await fails([['printf', '{"a":1}\\n']], {}, ProtocolError, /not a record of invocations/)
  await fails([['head', '-c1000', join(testdata, 'invocations.ndjson')]], {}, UnavailableError, /not whole/)
  await fails([['sh', '-c', 'exit 7']], {}, StageError, /it ended with status 7/)
  await fails([['sh', '-c', 'echo nonsense >&2; kill -9 $$']], {}, StageError, /nonsense/)
  await fails([['cat', join(testdata, 'invocations.ndjson')]], { start: 5 }, RequestError, /takes a pipeline with ledger-split/)
  await fails(local(), { after: 'now' }, RequestError, /now/)
  assert.throws(() => InvocationClient.fromPipeline(), RequestError)
  assert.throws(() => InvocationClient.fromPipeline([]), RequestError)
})

test('lines from elsewhere', async () => {
  const path = join(testdata, 'events.ndjson')
  assert.deepEqual(await all(InvocationClient.fromInput<'raw'>(createReadStream(path, { highWaterMark: 777 })).events()), parsed(readFileSync(path, 'utf8')))
  const part = (end: number): InvocationClient<'raw'> => InvocationClient.fromInput(createReadStream(join(testdata, 'invocations.ndjson'), { end }))
  await assert.rejects(all(part(5000).invocations()), UnavailableError)
  await assert.rejects(all(part(5000).events()), ProtocolError)
  await assert.rejects(all(part(5000).invocations({ start: 7 })), RequestError)
  await assert.rejects(all(InvocationClient.fromInput(createReadStream(join(testdata, 'README.md'))).events()), ProtocolError)
})

test('a slow reader stops the pipeline', async () => {
  // More than all pipes and buffers can hold, from a program that counts what it could write.
  const folder = mkdtempSync(join(tmpdir(), 'soroban-node-'))
  const count = join(folder, 'count')
  const line = readFileSync(join(testdata, 'invocations.ndjson'), 'utf8').split('\n')[0]!
  writeFileSync(join(folder, 'line'), `${line}\n`)
  const program = `import sys
line = open(sys.argv[1]).read()
start, end = line.index('"toid":"') + 8, line.index('","protocol_version')
for number in range(1, 200001):
    sys.stdout.write(line[:start] + str(number) + line[end:])
    if number % 100 == 0:
        sys.stdout.flush()
        open(sys.argv[2], "w").write(str(number))
`
  writeFileSync(join(folder, 'program'), program)
  try {
    const stream = InvocationClient.fromPipeline(['python3', join(folder, 'program'), join(folder, 'line'), count]).invocations()
    let handed = 0
    for await (const _ of stream) {
      handed += 1
      if (handed < 1000) continue
      // The same number twice: the program is blocked. It gets time to write between two reads.
      for (let last = ''; ; ) {
        execFileSync('sleep', ['0.2'])
        await new Promise((resolve) => setImmediate(resolve))
        const now = readFileSync(count, 'utf8')
        if (now !== '' && now === last) break
        last = now
      }
      break
    }
    assert.ok(Number(readFileSync(count, 'utf8')) < 20_000)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
