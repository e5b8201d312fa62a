// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // Borrowed bytes (`~Escapable` types that hold a `RawSpan`) prevent a record from being read after its buffer moved. The
  // language steering group promises source compatibility of this flag for two releases after any change.
  .enableExperimentalFeature("Lifetimes"),
  // Debug builds, and so all tests, check at run time that no variable of a class is changed while it is in use. `make allocations`
  // and `scripts/serial` show what these checks cost for each record.
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// `make test` sets the variable. The tests start the tools many thousand times, and they start faster with the runtime linked in.
let linkage: [LinkerSetting] =
  Context.environment["SOROBAN_PIPES_TEST"] == nil
  ? [] : [.unsafeFlags(["-static-stdlib", "-l_FoundationCShims", "-l_FoundationCollections"], .when(platforms: [.linux]))]

/// One of the four tools: flags and glue.
func tool(_ name: String, folder: String, _ modules: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: ["Bytes", "CommandLineTools", "Streams", argumentParser] + modules, path: "Sources/\(folder)",
    swiftSettings: settings)
}

/// An executable: one file that calls its tools.
func program(_ name: String, _ tools: [String]) -> Target {
  .executableTarget(
    name: name, dependencies: ["CommandLineTools"] + tools.map { .init(stringLiteral: $0) }, path: "Sources/Programs/\(name)",
    swiftSettings: settings, linkerSettings: linkage)
}

/// The tools and their modules.
let tools = [
  "ledger-split": "LedgerSplitTool", "invocation-extract": "InvocationExtractTool", "event-filter": "EventFilterTool",
  "scval-json": "ScvalJSONTool",
]

/// A module of the core: one folder, `package` access.
func module(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

/// The commit that `--version` names. Only the characters of a commit's name get into the build.
let commit = (Context.environment["SOROBAN_PIPES_COMMIT"] ?? "").filter {
  $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
}

let package = Package(
  name: "soroban-pipes",
  products: (tools.keys.sorted() + ["soroban-pipes"]).map { .executable(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
  ],
  targets: [
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .target(name: "BuildInfo", cSettings: [.define("SOROBAN_PIPES_COMMIT", to: "\"\(commit)\"")]),
    module("Bytes"),
    module("Hashing", ["Bytes", .product(name: "Crypto", package: "swift-crypto")]),
    module("Streams", ["Bytes", "CZstd"]),
    module("StellarXDR", ["Bytes"]),
    module("StellarJSON", ["Bytes", "StellarXDR"]),
    module("Ledgers", ["Bytes", "Hashing", "StellarXDR", "StellarJSON"]),
    module("Invocations", ["Bytes", "Hashing", "StellarXDR", "StellarJSON", "Ledgers"]),
    module("ContractSpecs", ["Bytes", "StellarXDR", "StellarJSON", "Ledgers", "Invocations"]),
    module("Proto", ["Bytes", "StellarXDR", "StellarJSON", "Ledgers", "Invocations"]),
    module("Filtering", ["Bytes", "StellarXDR", "StellarJSON", "Ledgers", "Invocations"]),
    module(
      "CommandLineTools", path: "Sources/CommandLine",
      ["BuildInfo", "Bytes", "Streams", "StellarXDR", "StellarJSON", argumentParser]),
    tool("LedgerSplitTool", folder: "ledger-split", ["Ledgers", "StellarXDR", "StellarJSON"]),
    tool("InvocationExtractTool", folder: "invocation-extract", ["Ledgers", "Invocations", "StellarXDR", "StellarJSON"]),
    tool(
      "ScvalJSONTool", folder: "scval-json", ["ContractSpecs", "Ledgers", "Invocations", "Proto", "StellarXDR", "StellarJSON"]),
    tool("EventFilterTool", folder: "event-filter", ["Filtering", "Ledgers", "Invocations", "StellarXDR", "StellarJSON"]),
    program("soroban-pipes", tools.values.sorted()),
    module("TestSupport", path: "Tests/TestSupport", ["Bytes", "Ledgers", "StellarXDR", "StellarJSON", "Streams"]),
    module(
      "SpecSupport", path: "Tests/SpecSupport", ["Bytes", "ContractSpecs", "Invocations", "StellarXDR", "StellarJSON"]),
    tests("BytesTests", ["Bytes"]),
    tests("HashingTests", ["Bytes", "Hashing", "Ledgers"]),
    tests("StreamsTests", ["Bytes", "CZstd", "Streams"]),
    tests("FilteringTests", ["Bytes", "Filtering", "StellarJSON", "StellarXDR"]),
    tests("CommandLineTests", ["Bytes", "CommandLineTools", "Streams", argumentParser]),
    tests("StellarXDRTests", ["Bytes", "StellarXDR"]),
    tests("StellarJSONTests", ["Bytes", "StellarXDR", "StellarJSON"]),
    tests("LedgersTests", ["Bytes", "Hashing", "Ledgers", "StellarJSON", "StellarXDR"]),
    tests("InvocationsTests", ["Bytes", "Hashing", "Ledgers", "Streams", "StellarXDR", "StellarJSON", "Invocations"]),
    tests("ContractSpecsTests", ["Bytes", "ContractSpecs", "Invocations", "SpecSupport", "StellarJSON", "StellarXDR"]),
    tests("ProtoTests", ["Bytes", "Invocations", "Proto", "SpecSupport", "StellarXDR"]),
    tests("ScvalJSONTests", ["CommandLineTools", "ScvalJSONTool", "SpecSupport"]),
    tests("ToolTests", ["Bytes", "Hashing", "Ledgers", "StellarXDR", "StellarJSON"]),
  ] + tools.keys.sorted().map { program($0, [tools[$0, default: ""]]) }
)

// The fuzzer is built only on request (`make fuzz`): it needs the compiler's `-sanitize=fuzzer`. fuzz-seeds, which writes its
// seed inputs, needs nothing special (scripts/fuzz-seeds).
if Context.environment["SOROBAN_PIPES_FUZZ"] != nil {
  package.targets += [
    module(
      "FuzzSeeds", path: "Tests/FuzzSeeds/Seeds", ["Bytes", "Invocations", "Ledgers", "StellarJSON", "StellarXDR", "TestSupport"]),
    .executableTarget(
      name: "fuzz-seeds", dependencies: ["FuzzSeeds"], path: "Tests/FuzzSeeds/Tool", swiftSettings: settings),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Bytes", "ContractSpecs", "Filtering", "FuzzSeeds", "Invocations", "Ledgers", "Proto", "StellarJSON", "StellarXDR",
        "Streams", "TestSupport",
      ],
      path: "Tests/Fuzz", swiftSettings: settings),
  ]
}
