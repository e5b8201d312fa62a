// The fuzzer: libFuzzer drives, one target a run. `make fuzz` builds it and runs all of them; this file alone is never part of a build that
// does not set SOROBAN_PIPES_FUZZ.
//
//   SOROBAN_PIPES_FUZZ_TARGET=xdr fuzz corpus/xdr -max_total_time=60
//   SOROBAN_PIPES_FUZZ_TARGET=list fuzz                  the targets
//   SOROBAN_PIPES_FUZZ_TARGET=seeds fuzz FOLDER          inputs to begin with, made of testdata/: FOLDER/xdr/seed-0 …

import Foundation
import FuzzSeeds

/// One parser under test: the bytes go in, and what must hold is required.
typealias Target = @Sendable (inout Input) -> Void

private let targets: KeyValuePairs<String, Target> = [
  "containers": fuzzContainers, "ledger": fuzzLedger, "text": fuzzText, "xdr": fuzzXDR, "parse": fuzzParse, "filter": fuzzFilter,
  "transaction": fuzzTransaction, "spec": fuzzSpec, "conditions": fuzzConditions,
]

private let chosen = ProcessInfo.processInfo.environment["SOROBAN_PIPES_FUZZ_TARGET"] ?? ""
private let target = targets.first { $0.key == chosen }?.value

/// libFuzzer's own loop. It is called, for SwiftPM has its own idea of where an executable begins.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe UnsafeBufferPointer(start: data, count: count)
  var input = unsafe Input(Array(bytes))
  target?(&input)
  return 0
}

@main
enum Fuzz {
  static func main() {
    switch chosen {
    case "list": for (name, _) in targets { print(name) }
    case "seeds": Seeds.write(to: CommandLine.arguments[1])
    default:
      guard target != nil else {
        fatalError("SOROBAN_PIPES_FUZZ_TARGET is none of: \(targets.map(\.key).joined(separator: " "))")
      }
      var count = CommandLine.argc
      var arguments = unsafe CommandLine.unsafeArgv
      exit(unsafe runDriver(&count, &arguments) { unsafe testOneInput($0, $1) })
    }
  }
}

/// What one run is given. Choices are taken from its front, so that a mutation of them leaves the rest in place.
struct Input {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isEmpty: Bool { rest.isEmpty }
  var count: Int { rest.count }

  /// What is left, as a copy of its own, so that AddressSanitizer sees a read behind its end.
  var bytes: [UInt8] { Array(rest) }

  mutating func byte() -> Int { Int(rest.popFirst() ?? 0) }

  mutating func word() -> Int { byte() << 8 | byte() }

  /// One part of two: a word says how long the first is.
  mutating func part() -> [UInt8] {
    let length = min(word(), rest.count)
    defer { rest.removeFirst(length) }
    return Array(rest.prefix(length))
  }
}

/// A property that does not hold ends the run: libFuzzer keeps the input.
func require(_ holds: Bool, _ property: @autoclosure () -> String, line: UInt = #line, file: StaticString = #fileID) {
  if !holds { fatalError("property does not hold: \(property())", file: file, line: line) }
}
