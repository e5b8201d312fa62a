// The client with a real scripts/serve that is killed and restarted.

import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import {
  Backoff, GoneError, InvocationClient, RequestError, UnavailableError, type ContractInvocation, type Filter, type Kind, type Status,
} from '../src/index.js'
import { all, lake, parsed, pipe, root, run, streamOf } from './support.js'

type Server = Awaited<ReturnType<typeof run>>

const serve = (folder: string, port: number | string = 0): Promise<Server> =>
  run([join(root, 'scripts/serve/start'), '--lake', folder, '--port', String(port), '--poll', '0.1', '--heartbeat', '1'], /listening at (\S+)\//)

let server: Server | undefined
let missing: string | undefined
before(async () => {
  try {
    server = await serve(lake)
  } catch (error) {
    if (!/lighttpd is not installed/.test(String(error))) throw error
    missing = 'lighttpd is not installed'
  }
})
after(() => server?.stop())

/** A test that needs the server. */
function served(name: string, body: (address: string) => Promise<void>): void {
  test(name, async (context) => {
    if (server === undefined) return context.skip(missing)
    await body(server.found)
  })
}

const plain = (kind: Kind, style: string, ...conditions: string[]): unknown[] =>
  parsed(pipe(['ledger-split', '-q', lake], ['invocation-extract', ...(kind === 'events' ? ['--by=event'] : [])],
    ['event-filter', '-q', ...conditions], ...(style === 'raw' ? [] : [['scval-json', '-q', `--style=${style}`]])))

served('records are those of the filters, whatever the transport and the style', async (address) => {
  for (const transport of ['ndjson', 'sse'] as const) {
    for (const [kind, style] of [['invocations', 'native'], ['invocations', 'raw'], ['invocations', 'proto'], ['events', 'sep51']] as const) {
      const client = InvocationClient.fromService<never>(address, { transport, style } as never)
      const found = await all(streamOf(client, kind, { end: 1051 }))
      assert.deepEqual(found, plain(kind, style), `${transport} ${kind} ${style}`)
      assert.equal(client.metrics.records[kind], found.length)
    }
  }
})

served('filters are those of event-filter', async (address) => {
  const cases: [Filter, string[]][] = [
    [{ function: ['swap', 'deposit'] }, ['--function=swap', '--function=deposit']], [{ succeeded: true, type: 'create' }, ['--succeeded', '--type=create']],
    [{ data: '.=>1000' }, ['--data=.=>1000']], [{ maxCount: 5 }, ['--max-count=5']],
  ]
  for (const [filter, options] of cases) {
    assert.deepEqual(await all(InvocationClient.fromService(address).invocations({ end: 1051, filter })), plain('invocations', 'native', ...options))
  }
  const request = { successfulOnly: true, functionNames: ['swap'], endLedger: 1051 }
  const found = await all(InvocationClient.fromService(address).invocations({ filter: { request } }))
  assert.deepEqual(found, plain('invocations', 'native', '--succeeded', '--function=swap'))
})

served('mistakes are told, and not tried again', async (address) => {
  const client = InvocationClient.fromService(address)
  await assert.rejects(all(client.invocations({ end: 1051, filter: { contract: 'x' } })), (error: unknown) => {
    assert.ok(error instanceof RequestError)
    assert.deepEqual([error.tool, error.status, error.httpStatus], ['event-filter', 2, 400])
    assert.match(error.message, /'x'/)
    return true
  })
  await assert.rejects(all(client.invocations({ start: 5, end: 1051 })), (error: unknown) => {
    assert.ok(error instanceof GoneError)
    assert.deepEqual([error.firstLedger, error.lastLedger], [1024, 1051])
    return true
  })
  assert.equal(client.metrics.reconnects, 0)
  await assert.rejects(all(InvocationClient.fromService(`${address}/elsewhere`).invocations()), RequestError)
})

served('now begins with what is yet to come', async (address) => {
  for (const transport of ['ndjson', 'sse'] as const) {
    const abort = new AbortController()
    const stream = InvocationClient.fromService(address, { transport }).invocations({ after: 'now', follow: true, signal: abort.signal })
    // Heartbeats show that it is open.
    const seen: Status[] = []
    stream.onStatus((status) => seen.push(status))
    setTimeout(() => abort.abort(), 1500)
    assert.deepEqual(await all(stream), [])
    assert.deepEqual(seen, ['connecting', 'closed'])
  }
})

test('no server', async () => {
  // A port on which nothing listens.
  const port = await new Promise<number>((resolve) => {
    const taken = createServer().listen(0, '127.0.0.1', () => {
      const { port } = taken.address() as { port: number }
      taken.close(() => resolve(port))
    })
  })
  const backoff = new Backoff({ base: 1, cap: 2 })
  const client = InvocationClient.fromService(`http://127.0.0.1:${port}`)
  await assert.rejects(all(client.invocations({ maxRetries: 2, backoff })), (error: unknown) => {
    assert.ok(error instanceof UnavailableError)
    assert.match(error.message, /ECONNREFUSED/)
    return true
  })
  assert.equal(client.metrics.reconnects, 2)
})

test('with fetch', async (context) => {
  if (server === undefined) return context.skip(missing)
  for (const transport of ['ndjson', 'sse'] as const) {
    const client: InvocationClient = InvocationClient.fromService(server.found, { transport, fetch })
    assert.deepEqual(await all(client.invocations({ end: 1051 })), plain('invocations', 'native'))
    for await (const _ of client.invocations({})) break
    await assert.rejects(all(client.invocations({ start: 5, end: 1051 })), GoneError)
  }
})

/** A copy of the lake that has some of its objects at first. */
class GrowingLake {
  readonly folder = mkdtempSync(join(tmpdir(), 'soroban-node-'))
  readonly #coming: string[]

  constructor(count: number) {
    const files = (folder: string): string[] =>
      readdirSync(folder).map((name) => join(folder, name)).flatMap((path) => (statSync(path).isDirectory() ? files(path) : [path]))
    const found = files(lake).map((path) => relative(lake, path))
    const number = (path: string): number => Number(/--(\d+)[^/]*$/.exec(path)![1])
    this.#coming = found.filter((path) => path.includes('--')).sort((a, b) => number(a) - number(b))
    copyFileSync(join(lake, '.config.json'), join(this.folder, '.config.json'))
    this.add(count)
  }

  add(count = Infinity): void {
    for (const path of this.#coming.splice(0, count)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true })
      // Renamed, so that no reader sees an incomplete file.
      copyFileSync(join(lake, path), join(this.folder, '.aside'))
      copyFileSync(join(this.folder, '.aside'), join(this.folder, path))
    }
  }
}

test('a server that is killed and restarted: nothing is lost, and nothing comes twice', async (context) => {
  if (server === undefined) return context.skip(missing)
  for (const transport of ['ndjson', 'sse'] as const) {
    for (const kind of ['invocations', 'events'] as const) {
      const growing = new GrowingLake(4)
      let own = await serve(growing.folder)
      const port = new URL(own.found).port
      try {
        const client = InvocationClient.fromService(own.found, { transport })
        const stream = streamOf(client, kind, { end: 1051, follow: true, backoff: new Backoff({ base: 50, cap: 200 }) })
        const expected = plain(kind, 'native')
        const found: unknown[] = []
        const statuses = new Set<Status>()
        stream.onStatus((status) => statuses.add(status))
        for await (const record of stream) {
          found.push(record)
          // In the middle of a ledger, and while the server waits for the next object.
          if (found.length === 10 || found.length === 20) {
            await own.stop('SIGKILL')
            growing.add(1)
            own = await serve(growing.folder, port)
          }
          if (found.length === 25) growing.add()
          if (found.length === 60) {
            await own.stop()
            own = await serve(growing.folder, port)
          }
        }
        assert.deepEqual(found, expected, `${transport} ${kind}`)
        assert.ok(client.metrics.reconnects >= 1, `${client.metrics.reconnects} reconnections`)
        assert.equal(stream.status, 'ended')
      } finally {
        await own.stop()
        rmSync(growing.folder, { recursive: true })
      }
    }
  }
})

served('subscriptions: handlers, pause, resume, unsubscribe', async (address) => {
  const expected = plain('invocations', 'native') as ContractInvocation[]
  const client = InvocationClient.fromService(address)
  const found: ContractInvocation[] = []
  const statuses: string[] = []
  let running = 0
  const subscription = client.subscribe({ end: 1051 }, {
    async record(record) {
      running += 1
      assert.equal(running, 1)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      found.push(record)
      if (found.length === 5) {
        subscription.pause()
        subscription.pause()
        setImmediate(() => setImmediate(() => {
          assert.equal(found.length, 5)
          assert.equal(subscription.status, 'paused')
          // Its handler has returned.
          assert.equal(subscription.position, expected[4]!.meta.toid)
          subscription.resume()
          subscription.resume()
        }))
      }
    },
    status: (status) => statuses.push(status),
  })
  let ends = 0
  subscription.on('end', () => (ends += 1))
  const extra = (): void => assert.fail('it was removed')
  subscription.on('record', extra).off('record', extra).off('record', extra)
  await subscription.done
  assert.deepEqual(found, expected)
  assert.equal(ends, 1)
  assert.deepEqual(statuses, ['connecting', 'streaming', 'paused', 'streaming', 'ended'])

  const events: unknown[] = []
  const endless = client.subscribeEvents({ follow: true }, { record: (record) => events.push(record) > 3 && void endless.unsubscribe() })
  await endless.done
  assert.equal(events.length, 4)
  assert.equal(endless.status, 'closed')

  const paused = client.subscribe({ follow: true }, { record: () => paused.pause() })
  while (paused.status !== 'paused') await new Promise((resolve) => setTimeout(resolve, 5))
  await paused.unsubscribe()
  assert.equal(paused.status, 'closed')
})

served('a handler that fails ends the subscription, and the position is the record before', async (address) => {
  const expected = plain('invocations', 'native') as ContractInvocation[]
  const fail = (record: ContractInvocation): void => {
    if (record.meta.toid === expected[7]!.meta.toid) throw new Error('full')
  }
  const client = InvocationClient.fromService(address)
  let told: Error | undefined
  const subscription = client.subscribe({ end: 1051 }, { record: fail, error: (error) => (told = error) })
  await subscription.done
  assert.equal(told?.message, 'full')
  assert.equal(subscription.position, expected[6]!.meta.toid)
  await assert.rejects(client.subscribe({ end: 1051 }, { record: fail }).done, /full/)
  const rest = await all(client.invocations({ end: 1051, after: subscription.position! }))
  assert.deepEqual(rest, expected.slice(7))
  // A failure of the service is passed to the same handler.
  const failed = client.subscribe({ start: 5, end: 1051 }, { error: (error) => (told = error) })
  await failed.done
  assert.ok(told instanceof GoneError)
  assert.equal(failed.status, 'failed')
})
