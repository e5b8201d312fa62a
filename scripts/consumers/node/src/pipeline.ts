import type { ChildProcess } from 'node:child_process'
import { RequestError, StageError, UnavailableError } from './errors.js'
import { conditions, wantsFootprints } from './filter.js'
import { LineDecoder, parse } from './lines.js'
import { Behind, ledgerOf } from './position.js'
import { LONGEST, type Source, type SourceRequest, type Style } from './source.js'

/** The options of `pipelineOf`, for a pipeline of the four filters. */
export interface PipelineOptions {
  /** A data lake, or files of ledgers. */
  ledgers: string | readonly string[]
  /** As `ledger-split --network`. */
  network?: string
  /** The format of values; default native. */
  style?: Style
  /** The folder of the filters; default the PATH. */
  tools?: string
}

/** The stages of the usual pipeline: ledger-split, invocation-extract, and scval-json unless values stay raw. */
export function pipelineOf(options: PipelineOptions): string[][] {
  const tool = (name: string): string => (options.tools === undefined ? name : `${options.tools.replace(/\/$/, '')}/${name}`)
  const style = options.style ?? 'native'
  const files = typeof options.ledgers === 'string' ? [options.ledgers] : options.ledgers
  return [
    [tool('ledger-split'), '-q', ...(options.network === undefined ? [] : [`--network=${options.network}`]), '--', ...files],
    [tool('invocation-extract'), '-q'],
    ...(style === 'raw' ? [] : [[tool('scval-json'), '-q', `--style=${style}`]]),
  ]
}

/** The maximum length of the stages' messages that is kept. */
const MOST_OF_MESSAGES = 16 << 10
/** How long a stage may run after the following ones have ended, and how long it may take to end. */
const ENDING = 500
/** The descriptor from which event-filter reads its request. */
const REQUEST = '--request=/dev/fd/3'

interface Exit {
  status: number
  wasEnded: boolean
}

/** A running stage. */
class Stage {
  readonly tool: string
  readonly process: ChildProcess
  readonly exit: Promise<Exit>
  isOver = false
  /** It was ended because its output is not needed any more. */
  isUnneeded = false
  failure: Error | undefined
  #messages = ''

  constructor(tool: string, process: ChildProcess, signals: Record<string, number>) {
    this.tool = tool
    this.process = process
    process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#messages = (this.#messages + text).slice(-MOST_OF_MESSAGES)
    })
    this.exit = new Promise((resolve) => {
      process.on('error', (error) => {
        this.failure = error
        if (process.pid === undefined) finish(127)
      })
      // After its standard error has also ended.
      process.on('close', (code, signal) => finish(code ?? 128 + (signals[signal ?? ''] ?? 0)))
      const finish = (status: number): void => {
        this.isOver = true
        resolve({ status, wasEnded: this.isUnneeded })
      }
    })
  }

  /** Its first message, without its name. */
  get message(): string | undefined {
    if (this.failure !== undefined) return this.failure.message
    const lines = this.#messages.split('\n').filter((line) => line !== '')
    const own = lines.find((line) => line.startsWith(`${this.tool}: `) && !line.startsWith(`${this.tool}: warning: `))
    return own?.slice(this.tool.length + 2) ?? lines.at(-1)
  }

  end(signal: NodeJS.Signals): void {
    if (!this.isOver) this.process.kill(signal)
  }
}

/** Records of a pipeline of programs, run without a shell. */
export class PipelineSource implements Source {
  readonly #stages: readonly (readonly string[])[]

  constructor(stages: readonly (readonly string[])[]) {
    if (stages.length === 0 || stages.some((stage) => stage.length === 0 || typeof stage === 'string')) {
      throw new RequestError('a pipeline is one list of arguments for each program')
    }
    this.#stages = stages
  }

  /** A data lake that is followed is read in order; files are read in the order in which they are named. */
  canResume(request: SourceRequest): boolean {
    return request.follow && this.#index('ledger-split') >= 0 && this.#index('invocation-extract') >= 0
  }

  #index(tool: string): number {
    return this.#stages.findIndex((stage) => nameOf(stage) === tool)
  }

  /** The stages, with the request added to the options of the filters. */
  #plan(request: SourceRequest): string[][] {
    const stages = this.#stages.map((stage) => [...stage])
    const add = (tool: string, what: string, options: string[]): void => {
      const stage = stages[this.#index(tool)]
      if (options.length === 0) return
      if (stage === undefined) throw new RequestError(`${what} takes a pipeline with ${tool}`)
      stage.splice(1, 0, ...options)
    }
    const { filter, kind, after } = request
    if (after === 'now') throw new RequestError('a pipeline cannot go on after now; give it a first ledger')
    const start = Math.max(request.start ?? 0, after === undefined ? 0 : ledgerOf(after))
    if (start > 0 || request.end !== undefined) {
      add('ledger-split', 'a range of ledgers', [`--ledgers=${start > 0 ? start : ''}-${request.end ?? ''}`])
    }
    if (request.follow) add('ledger-split', 'following', ['--follow'])
    if (kind === 'events' && !stages.some((stage) => nameOf(stage) === 'invocation-extract' && isByEvent(stage))) {
      add('invocation-extract', 'reading events', ['--by=event'])
    }
    if (kind === 'invocations' && after !== undefined) add('invocation-extract', 'going on after a record', [`--after=${after}`])
    if (kind === 'invocations' && wantsFootprints(filter)) add('invocation-extract', 'footprint operations', ['--footprint-ops'])
    const options = conditions(filter, '-').map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
    if (options.length > 0 || filter.request !== undefined) {
      const extract = this.#index('invocation-extract')
      const decode = this.#index('scval-json')
      const given = this.#stages[this.#index('ledger-split')]?.find((argument) => argument.startsWith('--network='))
      const program = extract >= 0 ? siblingOf(stages[extract]![0]!, 'event-filter') : 'event-filter'
      const request = filter.request === undefined ? [] : [REQUEST]
      stages.splice(decode >= 0 ? decode : stages.length, 0, [program, '-q', ...(given === undefined ? [] : [given]), ...options, ...request])
    }
    return stages
  }

  async *open(request: SourceRequest): AsyncGenerator<unknown[], void, void> {
    const plan = this.#plan(request)
    if (request.signal.aborted) return
    const stages = await start(plan, request.filter.request)
    const leave = (): void => stages.forEach((stage) => stage.end('SIGTERM'))
    request.signal.addEventListener('abort', leave)
    const lines = new LineDecoder(LONGEST)
    const behind = request.kind === 'events' && request.after !== undefined ? new Behind(request.after) : undefined
    let isWhole = false
    try {
      const output = stages.at(-1)!.process.stdout!
      for await (const piece of output as AsyncIterable<Uint8Array>) {
        request.metrics.bytes += piece.length
        const { records, failure } = parse(lines.take(piece))
        const wanted = behind === undefined ? records : behind.take(records)
        if (wanted.length > 0) yield wanted
        if (failure !== undefined) throw failure
      }
      if (request.signal.aborted) return
      const rest = behind?.end() ?? []
      if (rest.length > 0) yield rest
      await this.#expectSuccess(stages)
      if (lines.isUnfinished) throw new UnavailableError('the last line is not whole')
      isWhole = true
    } finally {
      request.signal.removeEventListener('abort', leave)
      if (!isWhole) await endAll(stages)
    }
  }

  /** Waits for all stages after the output has ended; throws the error of the first one that failed. */
  async #expectSuccess(stages: Stage[]): Promise<void> {
    const timer = setTimeout(() => {
      // A later stage has all it wants, and this one waits for a ledger, so it does not notice.
      for (const stage of stages) {
        if (stage.isOver) continue
        stage.isUnneeded = true
        stage.end('SIGTERM')
      }
    }, ENDING)
    const exits = await Promise.all(stages.map((stage) => stage.exit))
    clearTimeout(timer)
    for (const [index, { status, wasEnded }] of exits.entries()) {
      const stage = stages[index]!
      // A stage whose reader has ended is ended by SIGPIPE, or here.
      const isFine = status === 0 || (index < stages.length - 1 && status === 141) || (wasEnded && status === 143)
      if (isFine) continue
      const message = stage.message ?? `it ended with status ${status}`
      const ledger = /\bledgers? ([0-9]+)/.exec(message)?.[1]
      const details = { tool: stage.tool, status, ledger: ledger === undefined ? undefined : Number(ledger) }
      if (status === 2 || status === 127) throw new RequestError(message, details)
      throw new StageError(message, details)
    }
  }
}

/** Ends the running stages: with SIGTERM, and a little later with SIGKILL. */
async function endAll(stages: Stage[]): Promise<void> {
  for (const stage of stages) {
    stage.end('SIGTERM')
    stage.process.stdout?.destroy()
  }
  const timer = setTimeout(() => stages.forEach((stage) => stage.end('SIGKILL')), ENDING)
  await Promise.all(stages.map((stage) => stage.exit))
  clearTimeout(timer)
}

/** Starts the programs, connected directly: the bytes between them do not pass through this process. */
async function start(plan: string[][], filterRequest: object | undefined): Promise<Stage[]> {
  const { spawn } = await import('node:child_process')
  const { constants } = await import('node:os')
  const { closeSync } = await import('node:fs')
  const given = filterRequest === undefined ? undefined : await unnamedFile(JSON.stringify(filterRequest))
  const stages: Stage[] = []
  try {
    for (const [index, argv] of plan.entries()) {
      const before = stages.at(-1)?.process.stdout
      const isFilter = given !== undefined && argv.includes(REQUEST)
      const process = spawn(argv[0]!, argv.slice(1), {
        stdio: [index === 0 ? 'ignore' : before ?? 'ignore', 'pipe', 'pipe', ...(isFilter ? [given] : [])],
      })
      // The next program has its own copy. Nothing was read here: that would need an iteration of the event loop.
      before?.destroy()
      stages.push(new Stage(nameOf(argv), process, constants.signals))
    }
  } finally {
    if (given !== undefined) closeSync(given)
  }
  return stages
}

/** A descriptor of a file that contains this text, and has no name any more. */
async function unnamedFile(text: string): Promise<number> {
  const { mkdtempSync, openSync, rmSync, writeFileSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const folder = mkdtempSync(`${tmpdir()}/soroban-pipes-`)
  try {
    writeFileSync(`${folder}/request`, text)
    return openSync(`${folder}/request`, 'r')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function nameOf(stage: readonly string[]): string {
  return stage[0]!.slice(stage[0]!.lastIndexOf('/') + 1)
}

function siblingOf(program: string, name: string): string {
  return program.slice(0, program.lastIndexOf('/') + 1) + name
}

function isByEvent(stage: readonly string[]): boolean {
  return stage.some((argument, index) => argument === '--by=event' || (argument === '--by' && stage[index + 1] === 'event'))
}
