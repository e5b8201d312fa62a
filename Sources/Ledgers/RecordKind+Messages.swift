// Messages about records that a tool does not read.

/// A tool that reads only some kinds of records.
package enum RecordReading: String, Sendable {
  case ledgerSplit = "ledger-split"
  case invocationExtract = "invocation-extract"
  case eventFilter = "event-filter"

  /// What the tool reads, and how to get it.
  fileprivate var wanted: String {
    switch self {
    case .ledgerSplit: "LedgerCloseMeta"
    case .invocationExtract: "the LedgerTransaction records that ledger-split writes"
    case .eventFilter: "the ContractInvocation and ContractEvent records that invocation-extract writes"
    }
  }
}

extension RecordKind {
  /// The tool that makes records of this kind; nil if none of ours does.
  private var maker: String? {
    switch self {
    case .ledgerTransaction: "ledger-split"
    case .contractInvocation: "invocation-extract"
    case .contractEvent: "invocation-extract --by event"
    default: nil
    }
  }

  /// The kind with its article: "a LedgerCloseMeta".
  package var words: String {
    switch self {
    case .consensusMessages: "an \(rawValue)"
    case .getEvents, .getTransaction, .getTransactions, .getLedgers, .getLatestLedger: "an answer of \(rawValue)"
    default: "a \(rawValue)"
    }
  }

  /// The message for a record of this kind that is given to `tool`: what it is, and which tool converts it. Nil if the tool reads
  /// it.
  package func refusal(by tool: RecordReading) -> String? {
    // Called for every record, so text is built only for a message.
    var reads: String { "; \(tool.rawValue) reads \(tool.wanted)" }
    switch (self, tool) {
    case (.ledgerCloseMeta, .ledgerSplit), (.ledgerCloseMetaBatch, .ledgerSplit), (.getLedgers, .ledgerSplit),
      (.getLatestLedger, .ledgerSplit), (.ledgerTransaction, .invocationExtract), (.getTransaction, .invocationExtract),
      (.getTransactions, .invocationExtract), (.contractInvocation, .eventFilter),
      (.contractEvent, .eventFilter):
      return nil
    case (.ledgerCloseMeta, .invocationExtract), (.ledgerCloseMetaBatch, .invocationExtract), (.getLedgers, .invocationExtract),
      (.getLatestLedger, .invocationExtract):
      return "this is \(words); ledger-split makes transactions from it"
    case (.ledgerCloseMeta, .eventFilter), (.ledgerCloseMetaBatch, .eventFilter), (.getLedgers, .eventFilter),
      (.getLatestLedger, .eventFilter):
      return "this is \(words); ledger-split and invocation-extract make ContractInvocation records from it"
    case (.ledgerTransaction, .eventFilter), (.getTransaction, .eventFilter), (.getTransactions, .eventFilter):
      return "this is \(words); invocation-extract makes ContractInvocation records from it"
    case (.getTransaction, .ledgerSplit), (.getTransactions, .ledgerSplit): return "this is \(words); invocation-extract reads it"
    case (.contractEvent, .invocationExtract):
      return "this is \(words), which invocation-extract --by event makes from transactions"
    case (.getEvents, .invocationExtract): return "this is \(words); invocation-extract --by event reads it"
    case (.getEvents, .eventFilter):
      return "this is \(words); invocation-extract --by event makes ContractEvent records from it"
    case (.getEvents, _): return "this is \(words); scval-json --field decodes the values in it"
    case (.ledgerHeaders, _), (.transactionSets, _), (.transactionResults, _), (.consensusMessages, _), (.bucketEntry, _):
      return
        "this is \(words) of a history archive, which does not record what transactions did; stellar-core catchup makes LedgerCloseMeta from an archive"
    case (.transactionEnvelope, _), (.transactionResult, _), (.transactionMeta, _):
      return "this is \(words), only a part of a transaction\(reads)"
    default:
      if let maker, tool == .ledgerSplit { return "this is \(words), which \(maker) makes\(reads)" }
      return "this is \(words)\(reads)"
    }
  }
}
