// SEP-54: a directory of objects. Each object is a batch of ledgers, and its name states which ones:
//
//   FC3D46FF--63092992-63093055/          a partition: the objects whose ledgers are in this range
//     FC3D46FF--63092992.xdr.zst          an object with one ledger
//   FFFFFFFD--2-3.xdr.zst                 an object with several; without partitions it is in the lake itself
//
// The first eight digits are 0xFFFFFFFF minus the first ledger, so that a listing begins with the newest object.

import Bytes

/// One object of a data lake, by its name. The ledgers in the batch may differ from those in the name.
package struct LakeObject: Equatable, Sendable {
  /// The directory as the user gave it; nil for FILEs that have the names of lake objects.
  package let directory: String?
  package let path: String
  package let ledgers: ClosedRange<UInt32>
}

/// The objects of a data lake that contain the wanted ledgers, in ascending order. An object that exists with two suffixes is
/// returned once.
///
/// The lake is a directory, or several FILEs that have the names of lake objects. A directory's partitions are listed one at a
/// time, and only the needed ones: a lake may contain sixty million objects.
package struct DataLake: Sendable {
  /// Nil for FILEs.
  private let directory: String?
  private let wanted: [ClosedRange<UInt32>]
  /// Remaining objects and partitions of the directory itself, the next one last.
  private var entries: [LakeName]
  /// The FILEs of `entries`, in the same order.
  private var paths: [String] = []
  private var partition: String?
  /// Whether any object was found.
  private var hasObjects = false
  /// Remaining objects of the current partition, the next one last.
  private var objects: [LakeName] = []

  package init(_ directory: String, wanted: [ClosedRange<UInt32>]) throws(StreamError) {
    self.directory = directory
    self.wanted = wanted
    let (found, names) = try Self.list(directory, wanted)
    guard found else { throw StreamError(.noLedgersInDirectory, file: directory) }
    entries = names
  }

  /// `files` must all have the names of lake objects.
  init(files: [String], wanted: [ClosedRange<UInt32>]) {
    directory = nil
    self.wanted = wanted
    let objects = files.compactMap { file in LakeName(file: file).map { (name: $0, path: file) } }
    let sorted = Self.sorted(objects.filter { object in wanted.contains(where: object.name.ledgers.overlaps) }, by: \.name)
    entries = sorted.map(\.name)
    paths = sorted.map(\.path)
  }

  /// The FILEs that will be read, in order.
  var files: [String] { paths.reversed() }

  /// The last ledger of the needed objects.
  package var lastLedger: UInt32? {
    guard let last = entries.first else { return nil }
    let objects = last.isPartition ? try? Self.list(path(of: last), wanted).names : [last]
    return objects?.first?.ledgers.upperBound
  }

  package mutating func next() throws(StreamError) -> LakeObject? {
    while true {
      if let partition, let object = objects.popLast() {
        hasObjects = true
        return LakeObject(directory: directory, path: "\(partition)/\(object)", ledgers: object.ledgers)
      }
      partition = nil
      guard let entry = entries.popLast() else {
        if hasObjects { return nil }
        throw StreamError(.noLedgersWanted(wanted), file: directory)
      }
      let path = paths.popLast() ?? path(of: entry)
      guard entry.isPartition else {
        hasObjects = true
        return LakeObject(directory: directory, path: path, ledgers: entry.ledgers)
      }
      partition = path
      objects = try Self.list(path, wanted).names.filter { !$0.isPartition }
    }
  }

  private func path(of entry: LakeName) -> String {
    guard let directory else { return "\(entry)" }
    return directory.hasSuffix("/") ? "\(directory)\(entry)" : "\(directory)/\(entry)"
  }

  /// In descending order, each object once, whatever its suffix.
  private static func sorted<Entry>(_ entries: [Entry], by name: (Entry) -> LakeName) -> [Entry] {
    var result: [Entry] = []
    for entry in entries.sorted(by: { name($1).order < name($0).order }) {
      // Of two suffixes keep the first in ascending order, which comes second here.
      if let last = result.last, name(last).isSameObject(as: name(entry)) { result.removeLast() }
      result.append(entry)
    }
    return result
  }

  /// The lake names in a directory that overlap a wanted range, in descending order; and whether the directory has any lake
  /// names.
  private static func list(
    _ directory: String, _ wanted: [ClosedRange<UInt32>]
  ) throws(StreamError) -> (found: Bool, names: [LakeName]) {
    var found = false
    var names: [LakeName] = []
    do throws(SystemError) {
      try System.forEachEntry(of: directory) { name in
        guard let name = LakeName(name) else { return }
        found = true
        if wanted.contains(where: name.ledgers.overlaps) { names.append(name) }
      }
    } catch {
      throw StreamError(error, file: directory)
    }
    return (found, sorted(names) { $0 })
  }
}

/// The name of an object or a partition, in sixteen bytes.
struct LakeName: Equatable, Sendable, CustomStringConvertible {
  enum Suffix: String, CaseIterable {
    case partition = ""
    case zst = ".xdr.zst"
    case zstd = ".xdr.zstd"
    case plain = ".xdr"
  }

  let digits: UInt32
  let ledgers: ClosedRange<UInt32>
  let hasLast: Bool
  let suffix: Suffix

  var isPartition: Bool { suffix == .partition }

  /// Ascending by first ledger, then by last ledger; then in a fixed order. Of several suffixes the standard's own comes first.
  var order: (UInt32, UInt32, UInt32, Int) {
    (ledgers.lowerBound, ledgers.upperBound, digits, Suffix.allCases.firstIndex(of: suffix) ?? 0)
  }

  func isSameObject(as other: LakeName) -> Bool {
    digits == other.digits && ledgers == other.ledgers && !isPartition && !other.isPartition
  }

  /// An object's name from its parts.
  init(ledgers: ClosedRange<UInt32>, hasLast: Bool, suffix: Suffix) {
    digits = .max - ledgers.lowerBound
    self.ledgers = ledgers
    self.hasLast = hasLast
    self.suffix = suffix
  }

  /// The name of the partition that contains a ledger, for partitions of `size` ledgers; nil if `size` is 0.
  init?(partitionOf size: UInt32, holding ledger: UInt32) {
    guard size > 0 else { return nil }
    let first = ledger / size * size
    self.init(ledgers: first...first + min(size - 1, .max - first), hasLast: true, suffix: .partition)
  }

  /// Parses the last component of a FILE's path; nil if it is not the name of an object.
  init?(file: String) {
    let name = Array((file.split(separator: "/", omittingEmptySubsequences: false).last ?? "").utf8)
    guard let parsed = LakeName(name.bytes), !parsed.isPartition else { return nil }
    self = parsed
  }

  /// Nil if this is not a lake name.
  init?(_ name: RawSpan) {
    var text = name
    guard let digits = text.takeNumber(radix: 16), text.take("--"), let first = text.takeNumber(radix: 10) else {
      return nil
    }
    self.digits = digits
    hasLast = text.take("-")
    var last = first
    if hasLast {
      guard let number = text.takeNumber(radix: 10), number >= first else { return nil }
      last = number
    }
    ledgers = first...last
    switch text.byteCount {
    case 0 where hasLast: suffix = .partition
    case _ where text.equals(".xdr"): suffix = .plain
    case _ where text.equals(".xdr.zst"): suffix = .zst
    case _ where text.equals(".xdr.zstd"): suffix = .zstd
    default: return nil
    }
    // Reject other spellings (leading zeros, lower case): a name must be equal to the one that its parts make.
    var written = ByteBuffer(capacity: 64)
    written.append(utf8: description)
    guard written.bytes.equals(name) else { return nil }
  }

  var description: String {
    let hex = String(digits, radix: 16, uppercase: true)
    let padding = String(repeating: "0", count: 8 - hex.count)
    return "\(padding)\(hex)--\(ledgers.lowerBound)\(hasLast ? "-\(ledgers.upperBound)" : "")\(suffix.rawValue)"
  }
}

extension RawSpan {
  /// Removes `text` from the front; returns false if it is not there.
  fileprivate mutating func take(_ text: StaticString) -> Bool {
    guard extracting(first: text.utf8CodeUnitCount).equals(text) else { return false }
    self = extracting(droppingFirst: text.utf8CodeUnitCount)
    return true
  }

  /// Removes a number from the front; nil if there is none or it exceeds 32 bits.
  fileprivate mutating func takeNumber(radix: UInt32) -> UInt32? {
    var value: UInt32?
    while byteCount > 0, let digit = Character(Unicode.Scalar(self[0])).hexDigitValue, digit < radix {
      let (scaled, tooLarge) = (value ?? 0).multipliedReportingOverflow(by: radix)
      let (sum, overflow) = scaled.addingReportingOverflow(UInt32(digit))
      if tooLarge || overflow { return nil }
      value = sum
      self = extracting(droppingFirst: 1)
    }
    return value
  }
}
