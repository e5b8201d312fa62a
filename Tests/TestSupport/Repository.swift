// The files of the checkout.

import Foundation

/// Files of the checkout that the tests were built from.
package enum Repository {
  /// The folder of `Package.swift`.
  package static let root: String = {
    // Tests/TestSupport/Repository.swift
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  /// A file of `testdata/`.
  package static func testdata(_ name: String) -> String { "\(root)/testdata/\(name)" }

  package static func bytes(_ path: String) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else { preconditionFailure("\(path) cannot be read") }
    return [UInt8](data)
  }

  /// The lines of a file, without their line feeds.
  package static func lines(_ path: String) -> [[UInt8]] {
    bytes(path).split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  /// Real ledgers, which are not part of the project: next to the checkout, or to the one that this is a worktree of; nil if
  /// missing.
  package static let realLedgers: String? = ["\(root)/../shared/ledgers", "\(root)/../../shared/ledgers"].first {
    FileManager.default.fileExists(atPath: $0)
  }

  /// The names of the files in a folder with this ending, sorted.
  package static func files(in folder: String, ending suffix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(suffix) }.sorted().map { "\(folder)/\($0)" }
  }
}

/// The records of a record-marked stream in which each record is one fragment, as core writes it.
package func markedRecords(_ bytes: [UInt8]) -> [[UInt8]] {
  var records: [[UInt8]] = []
  var position = 0
  while position < bytes.count {
    let header = bytes[position..<position + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    precondition(header >> 31 == 1, "a fragment that is not the last")
    let end = position + 4 + Int(header & 0x7FFF_FFFF)
    records.append(Array(bytes[position + 4..<end]))
    position = end
  }
  return records
}

/// RFC 5531 record marking.
package func marked(_ record: [UInt8]) -> [UInt8] { word(UInt32(record.count) | 1 << 31) + record }
