import Bytes
import Hashing
import StellarXDR
import TestSupport

/// Sums that must agree (protocol sections 5 to 7), checked one transaction after the other. Lists disagreements with their
/// place.
struct Sums {
  private(set) var counts: [(name: String, count: Int)] = []
  /// Each disagreement: sum, ledger and transaction.
  private(set) var disagreements: [String] = []

  mutating func count(_ name: String, _ number: Int = 1) {
    if let index = counts.firstIndex(where: { $0.name == name }) {
      counts[index].count += number
    } else {
      counts.append((name, number))
    }
  }

  /// Counts an agreement, or lists a disagreement.
  private mutating func check(_ name: String, _ agrees: Bool, _ place: String) {
    if agrees { count(name) } else { disagreements.append("\(name) at \(place)") }
  }

  var report: String { counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ") }

  mutating func add(transaction: [UInt8], _ records: [[UInt8]]) {
    count("transactions")
    guard !records.isEmpty else { return }
    let source = XDRView("LedgerTransaction", transaction)
    for record in records {
      let view = XDRView("ContractInvocation", record)
      let place = "\(view["meta"]["ledger_sequence"].integer)/\(view["meta"]["tx_index"].integer)"
      count("records")
      addFees(view, place)
      if let outcome = view.outcome {
        addOutcome(view, outcome, source, place)
        addCalls(view, outcome, place)
        addLifetimes(outcome["ttl_extensions"], place)
        addRestorations(view, outcome, place)
      } else if let footprint = view.member(named: "extend_ttl") ?? view.member(named: "restore_footprint") {
        addLifetimes(footprint["ttl_extensions"], place)
      }
    }
  }

  // MARK: return values

  private mutating func addOutcome(_ record: XDRView, _ outcome: XDRView, _ source: XDRView, _ place: String) {
    guard record["meta"]["successful"].flag else {
      check("failures without effect", isWithoutEffect(outcome), place)
      return
    }
    count("successful invocations")
    let returned = outcome["return_value"].value?.xdr ?? []
    if record.member(named: "create_contract") != nil {
      check("created ids that are the returned address", returned == Value.contract(outcome["contract_id"].xdr), place)
    } else if record.member(named: "upload_wasm") != nil {
      check("wasm hashes that are the returned bytes", returned == Value.bytes(outcome["wasm_hash"].xdr), place)
    }
    addHash(outcome, returned, declared: successHash(source, Int(record["meta"]["op_index"].integer)), place)
    addEvents(outcome, place)
  }

  private func isWithoutEffect(_ outcome: XDRView) -> Bool {
    outcome["return_value"].value == nil
      && ["events", "state_changes", "ttl_extensions"].allSatisfy { outcome[$0].value?.elements.isEmpty == true }
  }

  /// The hash in the operation's result covers its return value and its events. Core may have inserted its own events before
  /// them, which are not hashed.
  private mutating func addHash(_ outcome: XDRView, _ returned: [UInt8], declared: [UInt8], _ place: String) {
    let events = (outcome["events"].value?.elements ?? []).map { event in
      word(0) + event["contract_id"].xdr + event["type"].xdr + word(0) + event["topics"].xdr + event["data"].xdr
    }
    for prepended in 0...events.count {
      let preimage = returned + array(Array(events.dropFirst(prepended)))
      if hash(preimage) == declared { return count(prepended == 0 ? "success hashes" : "success hashes behind prepended events") }
    }
    disagreements.append("success hashes at \(place)")
  }

  private func successHash(_ transaction: XDRView, _ operation: Int) -> [UInt8] {
    let result = XDRView("TransactionResult", transaction["result_xdr"].content)["result"]
    let inner = result.member(named: "tx_fee_bump_inner_success")?["result"]["result"] ?? result
    return inner["tx_success"].elements[operation]["op_inner"]["invoke_host_function"]["success"].xdr
  }

  /// The events of the meta are the events in the diagnostics that contracts and the host published and that took effect.
  private mutating func addEvents(_ outcome: XDRView, _ place: String) {
    guard let diagnostics = outcome["diagnostic_events"].value?.value?.elements else { return }
    let body = { (event: XDRView) in event["contract_id"].xdr + event["type"].xdr + event["topics"].xdr + event["data"].xdr }
    let published = diagnostics.filter { $0["type"].name != "diagnostic" && $0["in_successful_contract_call"].flag }.map(body)
    let events = (outcome["events"].value?.elements ?? []).map(body)
    if events == published { return count("lists of events that are those of the diagnostics") }
    check(
      "lists of events that are those of the diagnostics behind prepended ones",
      Array(events.suffix(published.count)) == published && published.count < events.count, place)
  }

  // MARK: calls

  /// Every call and every return of the diagnostics has its place in the tree.
  private mutating func addCalls(_ record: XDRView, _ outcome: XDRView, _ place: String) {
    guard let diagnostics = outcome["diagnostic_events"].value?.value?.elements,
      let calls = outcome["contract_calls"].value?.value?.elements
    else { return }
    let topics = diagnostics.filter { $0["type"].name == "diagnostic" }.map { Array($0["topics"].xdr.dropFirst(4)) }
    let made = topics.count { $0.starts(with: Value.symbol("fn_call")) }
    let returned = topics.count { $0.starts(with: Value.symbol("fn_return")) }
    let isCall = record.member(named: "contract_call") != nil
    count("calls of the operation itself", isCall ? made - calls.count : 0)
    count("calls below it", calls.count)
    let ownReturns = returned - calls.count { $0["return_value"].value != nil }
    check("trees without an orphan call", isCall ? (made - calls.count == min(made, 1)) : made == calls.count, place)
    check("trees without an orphan return", isCall ? (0...1).contains(ownReturns) : ownReturns == 0, place)
    if isCall, record["meta"]["successful"].flag { check("roots that returned", ownReturns == 1, place) }
    check(
      "trees whose callers are the callees above", hasMatchingCallers(calls, root: isCall ? outcome["contract_id"] : nil), place)
    if record["meta"]["successful"].flag {
      check("trees of which everything is known", calls.allSatisfy { $0["successful"].value != nil }, place)
    }
  }

  private func hasMatchingCallers(_ calls: [XDRView], root: XDRView?) -> Bool {
    calls.enumerated().allSatisfy { index, call in
      let parent = Int(call["parent"].integer)
      guard call["index"].integer == index + 1, parent <= index else { return false }
      let caller = call["from_contract"].value?.xdr
      let depth = parent == 0 ? 1 : calls[parent - 1]["depth"].integer + 1
      let above = parent == 0 ? root.map { Array($0.xdr.suffix(32)) } : calls[parent - 1]["to_contract"].xdr
      // The host itself calls authorizations and constructors.
      return call["depth"].integer == depth && (caller == above || caller == nil && parent == 0)
    }
  }

  // MARK: lifetimes, restorations, fees

  /// The owner of each extended lifetime is known, and its key hashes to the key of the lifetime.
  private mutating func addLifetimes(_ extensions: XDRView, _ place: String) {
    for item in extensions.value?.elements ?? [] {
      let key: [UInt8]
      if let code = item["code_hash"].value {
        key = word(7) + code.xdr
      } else if let contract = item["contract_id"].value, let data = item["key"].value, let durability = item["durability"].value
      {
        key = word(6) + contract.xdr + data.xdr + durability.xdr
      } else {
        disagreements.append("owners of extended lifetimes at \(place)")
        continue
      }
      check(
        "owners of extended lifetimes", hash(key) == item["key_hash"].xdr && item["new_ttl"].integer > item["old_ttl"].integer,
        place)
    }
  }

  private mutating func addRestorations(_ record: XDRView, _ outcome: XDRView, _ place: String) {
    let listed = record["meta"]["archive_restorations"].elements
    let restored = (outcome["state_changes"].value?.elements ?? []).filter { $0["operation"].name == "restore" }
    let keys = { (entry: XDRView) in entry["contract_id"].xdr + entry["key"].xdr + entry["code_hash"].xdr }
    let isArchive = record["meta"]["data_source"].name == "archive"
    count("restored entries", listed.count)
    check("sources of data", isArchive == !listed.isEmpty && listed.map(keys) == restored.map(keys), place)
  }

  /// The charged fee is the resource fee plus an inclusion fee.
  private mutating func addFees(_ record: XDRView, _ place: String) {
    guard let resources = record["meta"]["resources"].value?.value, let fixed = resources["non_refundable_fee"].value,
      let refundable = resources["refundable_fee"].value
    else { return }
    check("fees that cover what was charged", fixed.integer + refundable.integer <= record["meta"]["fee_charged"].integer, place)
  }

  private func hash(_ bytes: [UInt8]) -> [UInt8] {
    var out = ByteBuffer()
    out.append(SHA256Hasher.hash(bytes.bytes))
    return out.bytes.copied
  }
}
