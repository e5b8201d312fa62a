import StellarJSON

extension Counters {
  package func json(tool: String, elapsed: Duration, bytesIn: Int, bytesOut: Int) -> String {
    var members = [
      ("tool", JSONText.string(tool)), ("version", JSONText.string(Version.number)),
      ("elapsed_seconds", elapsed.seconds(decimals: 3)), ("bytes_in", "\(bytesIn)"), ("bytes_out", "\(bytesOut)"),
      ("records_in", "\(recordsIn)"), ("records_out", "\(recordsOut)"), ("skipped", "\(skipped)"),
      ("errors", "\(errors)"), ("ledgers", "\(ledgers)"),
      ("first_ledger", firstLedger.map { "\($0)" } ?? "null"), ("last_ledger", lastLedger.map { "\($0)" } ?? "null"),
    ]
    if let invocations {
      members += [
        ("invocations", "\(invocations.succeeded + invocations.failed)"), ("successful", "\(invocations.succeeded)"),
        ("failed", "\(invocations.failed)"), ("contract_calls", "\(invocations.calls.all)"),
        ("create_contracts", "\(invocations.creations.all)"), ("upload_wasms", "\(invocations.uploads.all)"),
        ("archive_restorations", "\(invocations.restorations)"),
      ]
    }
    members += more.map { ($0.name, "\($0.value)") }
    return JSONText.object(members)
  }
}

extension Duration {
  /// In seconds, rounded down, as "12.345".
  func seconds(decimals: Int) -> String {
    let (whole, attoseconds) = components
    let thousandths = Int(attoseconds / 1_000_000_000_000_000)
    let digits = String(1000 + thousandths).dropFirst().prefix(decimals)
    return digits.isEmpty ? "\(whole)" : "\(whole).\(digits)"
  }

  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
