import Bytes
import CommandLineTools
import StellarJSON
import Streams

/// The network that data lakes state in their `.config.json` (SEP-54).
struct LakeNetwork {
  /// The configuration file.
  let file: String
  let passphrase: String

  /// Reads the configuration of the data lakes among the FILEs: directories, and FILEs with the names of lake objects. Nil if
  /// there is none.
  init?(of files: [String]) throws {
    var found: LakeNetwork?
    var tried = Set<String>()
    for file in files {
      for path in Self.configurations(for: file) where tried.insert(path).inserted {
        guard let stated = try Self.read(path) else { continue }
        if let found, found.passphrase != stated.passphrase {
          throw Failure(
            Diagnostic(
              "the data lakes are of two networks: \"\(found.passphrase)\" (\(found.file)), and \"\(stated.passphrase)\"",
              file: path))
        }
        found = found ?? stated
      }
    }
    guard let found else { return nil }
    self = found
  }

  private init(file: String, passphrase: String) {
    self.file = file
    self.passphrase = passphrase
  }

  /// An object is in the lake's directory or in a partition.
  private static func configurations(for file: String) -> [String] {
    if file == "-" { return [] }
    if isDirectory(file) { return [file.hasSuffix("/") ? "\(file).config.json" : "\(file)/.config.json"] }
    guard isLakeObject(file) else { return [] }
    let directory = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    return ["\(directory).config.json", "\(directory)../.config.json"]
  }

  private static func read(_ path: String) throws -> LakeNetwork? {
    let text: [UInt8]
    do throws(StreamError) { text = try readWhole(path, atMost: 1 << 20) } catch {
      if error.isMissingFile { return nil }
      throw error
    }
    guard let paths = FieldPaths(["networkPassphrase"]) else { return nil }
    var hits: [FieldPaths.Hit] = []
    var passphrase = ByteBuffer(capacity: 64)
    do throws(JSONError) {
      try paths.find(in: text.bytes, into: &hits)
      guard let token = hits.first?.token else { return nil }
      try passphrase.append(unescaped: token, of: text.bytes)
    } catch {
      throw Failure(Diagnostic(error.description, file: path, offset: Int64(error.offset)))
    }
    return LakeNetwork(file: path, passphrase: passphrase.bytes.text)
  }
}
