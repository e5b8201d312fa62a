// The examples print their expected files, and the statements of the README and the types are true.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { consumers, root } from './support.js'

const folder = join(consumers, 'node')

function example(name: string, ...options: string[]): string {
  return execFileSync(process.execPath, [join(folder, 'dist/examples', `${name}.js`), 'testdata/lake', 'local', ...options], { cwd: root, encoding: 'utf8' })
}

for (const name of ['basic', 'filtered', 'monitor']) {
  test(`the example ${name} prints what it should`, () => {
    assert.equal(example(name, ...(name === 'monitor' ? ['--rows=8'] : [])), readFileSync(join(folder, 'examples', `${name}.expected`), 'utf8'))
  })
}

test('the live table ends as the printed one', () => {
  const frames = example('monitor', '--rows=8', '--live').split(/\x1b\[\d+A/)
  const expected = readFileSync(join(folder, 'examples/monitor.expected'), 'utf8')
  assert.ok(frames.length > 2)
  assert.equal(frames.at(-1)!.replaceAll('\x1b[K', ''), expected)
  // Each frame moves back over all lines of the previous one.
  const moves = [...example('monitor', '--rows=8', '--live').matchAll(/\x1b\[(\d+)A/g)].map((match) => Number(match[1]))
  assert.ok(moves.every((lines) => lines >= 2 && lines <= 10))
})

test('an example tells what the filters say', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'dist/examples/basic.js'), 'no-such-lake'], { cwd: root, encoding: 'utf8' })
  assert.equal(status, 4)
  assert.match(stderr, /^ledger-split: no-such-lake: /)
})

test('the types are those of the schema and of the .proto files', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'generate.mjs'), '--check'], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
})

test('every message and field of the .proto files is described', () => {
  let fields = 0
  for (const file of ['contract_invocation/contract_invocation_event.proto', 'contract_invocation_service/contract_invocation_service.proto']) {
    const lines = readFileSync(join(root, 'scripts/serve', file), 'utf8').split('\n')
    const isEnum = (index: number): boolean => /^enum /.test(lines.slice(0, index).reverse().find((line) => /^\S.*\{$/.test(line)) ?? '')
    for (const [index, line] of lines.entries()) {
      if (!/^(message|enum) /.test(line) && (!/ = \d+;$/.test(line) || isEnum(index))) continue
      fields += 1
      assert.match(lines[index - 1]!, /^ *\/\/ .+\.$/, `${file}: ${line}`)
    }
  }
  assert.ok(fields > 100)
})
