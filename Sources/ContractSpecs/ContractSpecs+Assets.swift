import Bytes
import StellarJSON

// The events of asset contracts and of fees, which are not declared in any file (protocol section 9, CAP-67).

extension ContractSpecs {
  /// An event: its name, which is the first topic; the other topics and the data as `name: type`; the format of the data.
  private typealias AssetEvent = (name: String, topics: [(String, String)], values: [(String, String)], format: String)

  private static let assetEvents: [AssetEvent] = {
    let (from, to, asset, admin) = (("from", "address"), ("to", "address"), ("asset", "string"), ("admin", "address"))
    let amount = [("amount", "i128")]
    // If an id or a memo identifies the receiver.
    let muxed = amount + [("to_muxed_id", "val")]
    return [
      ("transfer", [from, to, asset], amount, "single_value"), ("transfer", [from, to, asset], muxed, "map"),
      ("mint", [to, asset], amount, "single_value"), ("mint", [to, asset], muxed, "map"),
      ("burn", [from, asset], amount, "single_value"), ("clawback", [from, asset], amount, "single_value"),
      ("approve", [from, ("spender", "address"), asset], amount + [("live_until_ledger", "u32")], "vec"),
      ("set_authorized", [("id", "address"), asset], [("authorize", "bool")], "single_value"),
      ("set_admin", [admin, asset], [("new_admin", "address")], "single_value"),
      // Before protocol 23 the administrator was the first topic after the name.
      ("mint", [admin, to, asset], amount, "single_value"), ("clawback", [admin, from, asset], amount, "single_value"),
      ("set_authorized", [admin, ("id", "address"), asset], [("authorize", "bool")], "single_value"),
      ("fee", [from], amount, "single_value"),
    ]
  }()

  /// Adds the events of asset contracts. Any contract can publish events of the same shape, so declarations in files take
  /// precedence.
  package mutating func addAssetEvents() throws(DataError) {
    var lines = ByteBuffer(capacity: 8 << 10)
    for event in Self.assetEvents {
      func parameters(_ list: [(String, String)], _ location: String) -> [String] {
        list.map { name, type in
          JSONText.object([
            ("doc", #""""#), ("name", JSONText.string(name)), ("type", JSONText.string(type)),
            ("location", JSONText.string(location)),
          ])
        }
      }
      let parameters = parameters(event.topics, "topic_list") + parameters(event.values, "data")
      let declaration = JSONText.object([
        ("doc", #""""#), ("lib", #""""#), ("name", JSONText.string(event.name)),
        ("prefix_topics", JSONText.array([JSONText.string(event.name)])), ("params", JSONText.array(parameters)),
        ("data_format", JSONText.string(event.format)),
      ])
      lines.append(utf8: JSONText.object([("event_v0", declaration)]))
      lines.append(UInt8(ascii: "\n"))
    }
    assetSpec = contracts.count
    try add(lines.bytes)
  }
}
