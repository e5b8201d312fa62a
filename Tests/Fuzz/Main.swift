// The fuzzer: libFuzzer drives one target per run. `make fuzz` builds and runs all targets; other builds lack this file.
//
//   SOROBAN_PIPES_FUZZ_TARGET=xdr fuzz corpus/xdr -max_total_time=60
//   SOROBAN_PIPES_FUZZ_TARGET=list fuzz                  lists the targets
//   SOROBAN_PIPES_FUZZ_TARGET=seeds fuzz FOLDER          writes seed inputs from testdata/: FOLDER/xdr/seed-0 …

import Foundation
import FuzzSeeds

/// One parser under test: receives the bytes and requires its properties.
typealias Target = @Sendable (inout Input) -> Void

private let targets: KeyValuePairs<String, Target> = [
  "containers": fuzzContainers, "ledger": fuzzLedger, "text": fuzzText, "xdr": fuzzXDR, "parse": fuzzParse, "filter": fuzzFilter,
  "transaction": fuzzTransaction, "spec": fuzzSpec, "conditions": fuzzConditions,
]

private let chosen = ProcessInfo.processInfo.environment["SOROBAN_PIPES_FUZZ_TARGET"] ?? ""
private let target = targets.first { $0.key == chosen }?.value

/// libFuzzer's main loop. It is called directly because SwiftPM defines the entry point of an executable itself.
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

/// The input of one run. Choices are taken from its front, so that a mutation of them leaves the rest in place.
struct Input {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isEmpty: Bool { rest.isEmpty }
  var count: Int { rest.count }

  /// A copy of the rest, so that AddressSanitizer notices a read past its end.
  var bytes: [UInt8] { Array(rest) }

  mutating func byte() -> Int { Int(rest.popFirst() ?? 0) }

  mutating func word() -> Int { byte() << 8 | byte() }

  /// The first of two parts: a word gives its length.
  mutating func part() -> [UInt8] {
    let length = min(word(), rest.count)
    defer { rest.removeFirst(length) }
    return Array(rest.prefix(length))
  }
}

/// Ends the run if a property fails: libFuzzer keeps the input.
func require(_ holds: Bool, _ property: @autoclosure () -> String, line: UInt = #line, file: StaticString = #fileID) {
  if !holds { fatalError("property does not hold: \(property())", file: file, line: line) }
}
