/** Counters of a client, over all of its streams. */
export class Metrics {
  readonly records = { invocations: 0, events: 0 }
  readonly duplicates = { invocations: 0, events: 0 }
  /** Bytes of records and their framing, decompressed. */
  bytes = 0
  attempts = 0
  reconnects = 0
  /** Errors by class, including those that were retried. */
  readonly errors = new Map<string, number>()
  openStreams = 0
  lastLedger: number | undefined
  /** When the last record was handed out, in milliseconds. */
  lastRecordTime: number | undefined

  /** All counters in the text format of Prometheus. Every sample gets `labels`. */
  prometheus(labels: Readonly<Record<string, string>> = {}): string {
    const lines: string[] = []
    const metric = (name: string, type: 'counter' | 'gauge', help: string, samples: [Record<string, string>, number | undefined][]): void => {
      const present = samples.filter((sample): sample is [Record<string, string>, number] => sample[1] !== undefined)
      if (present.length === 0) return
      lines.push(`# HELP soroban_client_${name} ${help}`, `# TYPE soroban_client_${name} ${type}`)
      for (const [own, value] of present) {
        const all = Object.entries({ ...labels, ...own }).map(([key, text]) => `${key}="${escaped(text)}"`)
        lines.push(`soroban_client_${name}${all.length > 0 ? `{${all.join(',')}}` : ''} ${value}`)
      }
    }
    const byKind = (counts: { invocations: number; events: number }): [Record<string, string>, number][] =>
      [[{ kind: 'invocations' }, counts.invocations], [{ kind: 'events' }, counts.events]]
    metric('records_total', 'counter', 'Records handed out.', byKind(this.records))
    metric('duplicates_total', 'counter', 'Records dropped because they had been handed out.', byKind(this.duplicates))
    metric('received_bytes_total', 'counter', 'Bytes received, decompressed.', [[{}, this.bytes]])
    metric('attempts_total', 'counter', 'Streams that were begun, reconnections among them.', [[{}, this.attempts]])
    metric('reconnects_total', 'counter', 'Streams that were begun again.', [[{}, this.reconnects]])
    metric('errors_total', 'counter', 'Errors, those that were tried again among them.',
      [...this.errors].map(([name, count]) => [{ class: name }, count]))
    metric('open_streams', 'gauge', 'Streams that are open.', [[{}, this.openStreams]])
    metric('last_ledger', 'gauge', 'Ledger of the last record that was handed out.', [[{}, this.lastLedger]])
    metric('last_record_timestamp_seconds', 'gauge', 'When the last record was handed out.',
      [[{}, this.lastRecordTime === undefined ? undefined : this.lastRecordTime / 1000]])
    return lines.join('\n') + '\n'
  }
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}
