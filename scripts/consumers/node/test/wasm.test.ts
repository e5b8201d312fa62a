// The client over the core as WebAssembly: the same records as with the filters, in this process.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'node:test'
import { InvocationClient, pipelineOf, RequestError, StageError, type Filter, type Kind, type SorobanModule, type Style } from '../src/index.js'
import { all, consumers, lake, root, streamOf, testdata } from './support.js'

const file = process.env['SOROBAN_WASM'] ?? join(root, '.build/wasm/soroban.wasm')
const binding = process.env['SOROBAN_JS'] ?? join(consumers, 'module/soroban.js')
const missing = [file, binding].find((path) => !existsSync(path))

const ledgers = readFileSync(join(testdata, 'ledgers.xdr'))

async function load(): Promise<SorobanModule> {
  const { load } = (await import(pathToFileURL(binding).href)) as { load(bytes: Uint8Array): Promise<SorobanModule> }
  return load(readFileSync(file))
}

/** A test that needs the module. */
function built(name: string, body: () => Promise<void>): void {
  test(name, { skip: missing === undefined ? false : `${missing} is not there (make wasm)` }, body)
}

const same = async (input: Parameters<typeof InvocationClient.fromWasm>[0], style: Style, options: object, source: string, kinds: readonly Kind[] = ['invocations', 'events']): Promise<number> => {
  let count = 0
  for (const kind of kinds) {
    if (style === 'proto' && kind === 'events') continue
    const module = InvocationClient.fromWasm<never>(input, { module: load(), style, network: 'local' } as never)
    const native = InvocationClient.fromPipeline(...pipelineOf({ ledgers: source, network: 'local', style }))
    const found = await all(streamOf(module, kind, options))
    assert.deepEqual(found, await all(streamOf(native, kind, options)), `${kind} ${style} ${JSON.stringify(options)}`)
    count += found.length
  }
  return count
}

built('records of every style are those of the filters', async () => {
  for (const style of ['native', 'sep51', 'raw', 'proto'] as const) assert.ok((await same(ledgers, style, {}, join(testdata, 'ledgers.xdr'))) > 80)
})

built('so are filtered ones, ranges, and what comes after a record', async () => {
  const source = join(testdata, 'ledgers.xdr')
  const filters: Filter[] = [{ succeeded: true }, { contract: 'native' }, { maxCount: 4 }]
  for (const filter of filters) assert.ok((await same(ledgers, 'native', { filter }, source)) > 0)
  const ofCalls: Filter[] = [{ function: ['swap', 'deposit'] }, { minArgs: 2, invertMatch: true }, { type: 'extend' }]
  for (const filter of ofCalls) assert.ok((await same(ledgers, 'native', { filter }, source, ['invocations'])) > 0)
  assert.ok((await same(ledgers, 'native', { filter: { topic: 'transfer/**' } }, source, ['events'])) > 0)
  const request = { successfulOnly: true, functionNames: ['swap'] }
  assert.ok((await all(InvocationClient.fromWasm(ledgers, { module: load(), network: 'local' }).invocations({ filter: { request } }))).length > 0)
  for (const options of [{ start: 1030, end: 1040 }, { end: 1027 }]) assert.ok((await same(ledgers, 'native', options, source)) > 0)
  for (const kind of ['invocations', 'events'] as const) {
    const client = InvocationClient.fromWasm(ledgers, { module: load(), network: 'local' })
    const records = await all(streamOf(client, kind, {}))
    const first = streamOf(client, kind, {})
    let count = 0
    for await (const _ of first) if ((count += 1) === 30) break
    assert.deepEqual(await all(streamOf(client, kind, { after: first.position! })), records.slice(29))
  }
})

built('ledgers come in any form, compressed ones among them', async () => {
  const objects = (folder: string): string[] =>
    readdirSync(folder).sort().map((name) => join(folder, name)).flatMap((path) => (statSync(path).isDirectory() ? objects(path) : [path]))
  const paths = objects(lake).filter((path) => path.includes('--')).sort((a, b) => Number(/--(\d+)[^/]*$/.exec(a)![1]) - Number(/--(\d+)[^/]*$/.exec(b)![1]))
  const expected = await all(InvocationClient.fromPipeline(...pipelineOf({ ledgers: lake, network: 'local' })).invocations())
  const inputs = {
    pieces: paths.map((path) => readFileSync(path)), blob: new Blob(paths.map((path) => readFileSync(path))),
    function: async () => new Blob(paths.map((path) => readFileSync(path))).stream() as unknown as ReadableStream<Uint8Array>,
    buffer: new Uint8Array(Buffer.concat(paths.map((path) => readFileSync(path)))).buffer,
    generator: (async function* () {
      for (const path of paths) yield readFileSync(path)
    })(),
  }
  for (const [name, input] of Object.entries(inputs)) {
    assert.deepEqual(await all(InvocationClient.fromWasm(input as never, { module: load(), network: 'local' }).invocations()), expected, name)
  }
  // An input that can be read only once reports that.
  const once = InvocationClient.fromWasm(inputs.generator, { module: load(), network: 'local' })
  await all(once.invocations())
  await assert.rejects(all(once.invocations()), RequestError)
})

built('what is wrong is told as the filters tell it', async () => {
  const fails = (input: Uint8Array, options: object, kind: new (message: string) => Error, pattern: RegExp): Promise<void> =>
    assert.rejects(all(InvocationClient.fromWasm(input, { module: load(), network: 'local', name: 'ledgers' }).invocations(options)), (error: unknown) => {
      assert.ok(error instanceof kind, String(error))
      assert.match(error.message, pattern)
      return true
    })
  await fails(ledgers.subarray(0, ledgers.length - 50), {}, StageError, /ledgers: .*byte \d+, record \d+/)
  await fails(new TextEncoder().encode('nonsense'), {}, StageError, /./)
  await fails(ledgers, { filter: { contract: 'x' } }, RequestError, /'x'/)
  await fails(ledgers, { follow: true }, RequestError, /followed/)
  let count = 0
  const abort = new AbortController()
  for await (const _ of InvocationClient.fromWasm(ledgers, { module: load(), network: 'local' }).invocations({ signal: abort.signal })) {
    if ((count += 1) === 3) abort.abort()
  }
  assert.equal(count, 3)
})
