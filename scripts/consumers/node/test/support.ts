import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { InvocationClient, Kind, RecordStream } from '../src/index.js'

/** The root of the source tree, independent of where the compiled tests are. */
export const root = ((): string => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'Package.swift'))) folder = dirname(folder)
  return folder
})()
export const testdata = join(root, 'testdata')
export const lake = join(testdata, 'lake')
export const consumers = join(root, 'scripts/consumers')

/** The output of filters, each a list of arguments, joined by pipes as in a shell. */
export function pipe(...stages: string[][]): string {
  let data: Buffer = Buffer.alloc(0)
  for (const [tool, ...options] of stages) {
    // A stage that stops reading early is not an error.
    const { error, status, stdout, stderr } = spawnSync(tool!, options, { input: data, maxBuffer: 1 << 30 })
    if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
    if (status !== 0) throw new Error(`${tool}: status ${status}: ${stderr.toString()}`)
    data = stdout
  }
  return data.toString()
}

/** The lines of a text, parsed. */
export function parsed(text: string): unknown[] {
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown)
}

/** All records of a stream. */
export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const records: T[] = []
  for await (const record of stream) records.push(record)
  return records
}

/** A stream of either kind, without a particular record type. */
export function streamOf(client: InvocationClient<never> | InvocationClient, kind: Kind, options: object): RecordStream<unknown> {
  return kind === 'events' ? client.events(options) : client.invocations(options)
}

/** Runs a program until the end of the tests, or `stop`; waits for the first matching line on either of its outputs. */
export async function run(
  argv: string[], pattern: RegExp,
): Promise<{ found: string; stop(signal?: NodeJS.Signals): Promise<void>; process: ChildProcess }> {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] })
  const said: string[] = []
  const over = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const found = await new Promise<string>((resolve, reject) => {
    for (const output of [child.stdout, child.stderr]) {
      createInterface(output).on('line', (line) => {
        said.push(line)
        const match = pattern.exec(line)
        if (match !== null) resolve(match[1]!)
      })
    }
    child.on('error', reject)
    child.on('close', () => reject(new Error(`${argv[0]} ended: ${said.join('\n')}`)))
  })
  return {
    found, process: child,
    async stop(signal = 'SIGTERM') {
      child.stdin.end()
      child.kill(signal)
      await over
    },
  }
}
