import ArgumentParser
import Ledgers

extension Anchor: ExpressibleByArgument {
  package init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let sequence = UInt32(parts[0]), sequence > 0, !parts[0].hasPrefix("+"),
      let hash = TransactionHash(argument: String(parts[1]))
    else { return nil }
    self.init(sequence: sequence, hash: hash.hash)
  }
}
