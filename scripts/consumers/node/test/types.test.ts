// Checks of the compiler. Most of these tests pass if this file compiles; an expected error that does not occur is an error, too.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  InvocationClient, type ContractEventRecord, type ContractInvocation, type Filter, type NativeValue, type Proto, type RawValue, type SCVal, type Spec,
} from '../src/index.js'
import { parsed, pipe, testdata } from './support.js'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_ extends true>(): void => {}

test('styles choose the types of values', () => {
  const read = async (): Promise<void> => {
    for await (const record of InvocationClient.fromPipeline(['x']).invocations()) holds<Equal<typeof record, ContractInvocation<NativeValue>>>()
    for await (const record of InvocationClient.fromService('x', { style: 'sep51' }).invocations()) holds<Equal<typeof record, ContractInvocation<SCVal>>>()
    for await (const record of InvocationClient.fromPipeline<'raw'>(['x']).events()) holds<Equal<typeof record, ContractEventRecord<RawValue>>>()
    for await (const record of InvocationClient.fromPipeline<'proto'>(['x']).invocations()) holds<Equal<typeof record, Proto.ContractInvocationEvent>>()
  }
  assert.equal(typeof read, 'function')
})

test('one kind of invocation excludes the others', () => {
  const kind = (record: ContractInvocation): string => {
    if (record.contract_call) {
      holds<Equal<typeof record.upload_wasm, undefined>>()
      return record.contract_call.function_name
    }
    if (record.upload_wasm) return String(record.upload_wasm.wasm_size)
    // @ts-expect-error: there is no such member.
    return record.nonsense
  }
  assert.equal(typeof kind, 'function')
  // @ts-expect-error: a misspelled condition.
  const filter: Filter = { functionn: 'swap' }
  assert.ok(filter)
  // @ts-expect-error: a value that is none of these.
  const code: ContractInvocation['meta']['result_code'] = 'sucess'
  assert.ok(code)
})

/** The members of a type, from the source, for checks at run time. */
const source = readFileSync(join(testdata, '../scripts/consumers/node/src/records.ts'), 'utf8')

test('every member of real records is in the types', () => {
  const plain = source.slice(0, source.indexOf('export namespace Spec'))
  const names = new Set([...plain.matchAll(/\b(\w+)\??: /g)].map((match) => match[1]!))
  const whole = ['--footprint-ops', '--include', 'events,diagnostics,calls,state,ttl,auth,resources,raw']
  const records = [
    ...parsed(pipe(['invocation-extract', ...whole, join(testdata, 'transactions.ndjson')])),
    ...parsed(readFileSync(join(testdata, 'events.ndjson'), 'utf8')), ...parsed(readFileSync(join(testdata, 'transactions.ndjson'), 'utf8')),
  ]
  let members = 0
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk)
    if (typeof value !== 'object' || value === null) return
    for (const [name, inside] of Object.entries(value)) {
      members += 1
      assert.ok(names.has(name), name)
      walk(inside)
    }
  }
  walk(records)
  assert.ok(members > 1000)
})

test('records with declared names have their own types', () => {
  const records = parsed(pipe(
    ['invocation-extract', join(testdata, 'transactions.ndjson')], ['scval-json', '-q', '--style=native', '--spec', join(testdata, 'contract.wasm')],
  )) as Spec.ContractInvocation[]
  const named = records.filter((record) => record.contract_call?.argument_names !== undefined)
  assert.ok(named.length > 0)
  for (const record of named) {
    assert.equal(record._schema, 'soroban-pipes.contract_invocation_spec.v1')
    assert.equal(record.contract_call!.arguments.length, record.contract_call!.argument_names!.length)
  }
})
