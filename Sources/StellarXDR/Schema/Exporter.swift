// swift-format-ignore-file: a table, one line a type (the notation is described in Schema.swift)

extension SchemaText {
  /// Stellar-exporter.x
  static let exporter: StaticString = """
    LedgerCloseMetaBatch = { start_sequence: u32; end_sequence: u32; ledger_close_metas: LedgerCloseMeta<> }
    """
}
