// Runs the built tools as a user does: in a shell, in a folder with files.

import Foundation
import TestSupport

struct Outcome: Sendable {
  let status: Int32
  let output: [UInt8]
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var lines: [String] { text.split(separator: "\n").map(String.init) }
  var messages: [String] { errors.split(separator: "\n").map(String.init) }
}

enum Shell {
  static let tools = ["ledger-split", "invocation-extract", "scval-json"]

  /// The folder of the built tools: that of the test bundle.
  static let folder = Bundle.main.executableURL?.deletingLastPathComponent().path ?? "."

  static let testdata = Repository.testdata("")

  /// For coverage: the variable that names the profile file, to which all processes of one program add.
  static let profile: [String: String] = {
    guard let file = ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"] else { return [:] }
    return ["LLVM_PROFILE_FILE": URL(fileURLWithPath: file).deletingLastPathComponent().path + "/tools-%4m.profraw"]
  }()

  /// Runs a command line to its end, in `folder` or in the folder of the test material.
  static func run(
    _ command: String, input: [UInt8] = [], in folder: String = testdata, environment: [String: String] = [:]
  ) throws -> Outcome {
    let scratch = try Scratch()
    let process = try start(
      command, input: scratch.file("input", input), output: scratch.file("output"), errors: scratch.file("errors"), in: folder,
      environment: environment)
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus,
      output: Repository.bytes(scratch.path("output")),
      errors: String(decoding: Repository.bytes(scratch.path("errors")), as: UTF8.self))
  }

  /// Starts a command line whose descriptors are files; the tools are on its path.
  static func start(
    _ command: String, input: String, output: String, errors: String, in folder: String = testdata,
    environment: [String: String] = [:]
  ) throws -> Process {
    try start(
      command, input: input, output: output, errors: FileHandle(forWritingTo: URL(fileURLWithPath: errors)), in: folder,
      environment: environment)
  }

  static func start(
    _ command: String, input: String, output: String, errors: FileHandle, in folder: String = testdata,
    environment: [String: String] = [:]
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ["PATH": "\(Self.folder):/usr/bin:/bin"].merging(profile) { $1 }.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: input))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = errors
    try process.run()
    return process
  }
}

/// A temporary folder, removed with the value.
struct Scratch: ~Copyable {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "soroban-pipes-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Writes a file and returns its path.
  @discardableResult
  func file(_ name: String, _ content: [UInt8] = []) throws -> String {
    try Data(content).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }
}

/// The ledgers of `testdata/`, as core writes them.
enum Ledgers {
  static let stream = Repository.bytes(Repository.testdata("ledgers.xdr"))
  static let all = markedRecords(stream)
  static let first: UInt32 = 1024

  /// `LedgerCloseMetaBatch` (SEP-54).
  static func batch(_ range: Range<Int>) -> [UInt8] {
    word(first + UInt32(range.lowerBound)) + word(first + UInt32(range.upperBound) - 1) + array(Array(all[range]))
  }
}

/// The expected transactions and invocations of the ledgers, from the scenarios themselves.
enum Expected {
  static let transactions = text("transactions.ndjson")
  /// Without those of footprint operations.
  static let invocations = text("invocations.ndjson").split(separator: "\n")
    .filter { !$0.contains("\"extend_ttl\":{") && !$0.contains("\"restore_footprint\":{") }.map { $0 + "\n" }.joined()

  static func text(_ name: String) -> String { String(decoding: Repository.bytes(Repository.testdata(name)), as: UTF8.self) }
}

/// A handmade Zstandard frame: uncompressed blocks of at most `size` bytes each, without a declared length.
func zstd(_ content: [UInt8], blocks size: Int = 100_000) -> [UInt8] {
  var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38]
  var rest = content[...]
  repeat {
    let block = rest.prefix(size)
    rest = rest.dropFirst(size)
    let header = block.count << 3 | (rest.isEmpty ? 1 : 0)
    frame += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16)] + block
  } while !rest.isEmpty
  return frame
}

func skippableFrame(_ content: [UInt8]) -> [UInt8] {
  [0x50, 0x2A, 0x4D, 0x18, UInt8(content.count), 0, 0, 0] + content
}
