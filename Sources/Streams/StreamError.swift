import Bytes

/// An error of reading or writing. `description` is the only place that contains its texts.
package struct StreamError: Error, Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    // Bad data.
    /// The input ends inside a record: `have` of at least `need` bytes were read.
    case cutOff(have: Int, need: Int64)
    /// The input ends inside a zstd frame.
    case cutOffFrame
    /// The input ends before all records that it announced.
    case missingRecords
    case emptyRecord
    /// The input ends inside a JSON value over several lines.
    case cutOffValue
    /// Where no record of a FILE without framing begins; what was expected, and the ledger if it is known.
    case noRecord(String, ledger: UInt32?)
    case linesAfterXDR
    case zstdAfterXDR
    case xdrAfterLines
    /// A record is longer than `--max-record` allows; its length if known.
    case tooLong(Int64?, limit: Int)
    case emptyFragments(Int)
    case gzip
    case foreign(ForeignFormat)
    case zstd(String)
    case zstdInZstd
    case zstdWindow(limit: Int)
    case garbageAfterZstd

    // The system.
    case system(Int32)
    /// A FILE that is a URL, and the command that reads it.
    case url(String)
    case noLedgersInDirectory
    /// A data lake contains none of the wanted ledgers.
    case noLedgersWanted([ClosedRange<UInt32>])

    // Output.
    case tooLongToMark(Int)

    /// Not a failure: the input has no more bytes for now. The next call of `next` continues there.
    case waiting
    /// Not a failure: the output is not wanted any more.
    case stopped
  }

  package var kind: Kind
  /// The FILE as the user gave it.
  package var file: String?
  /// Offset in the FILE's decompressed bytes.
  package var offset: Int64?
  /// The record's number in the whole stream, from 1.
  package var record: Int?

  package init(_ kind: Kind, file: String? = nil, offset: Int64? = nil, record: Int? = nil) {
    self.kind = kind
    self.file = file
    self.offset = offset
    self.record = record
  }

  init(_ error: SystemError, file: String) { self.init(.system(error.code), file: file) }

  /// Whether the data is wrong (exit status 3), and not the system (exit status 4).
  package var isBadData: Bool {
    switch kind {
    case .system, .url, .noLedgersInDirectory, .waiting, .stopped: false
    default: true
    }
  }

  /// Whether the file does not exist.
  package var isMissingFile: Bool {
    [.system(SystemError.noSuchFile.code), .system(SystemError.noDirectory.code)].contains(kind)
  }

  /// Whether the reader of the output has closed it.
  package var isClosedPipe: Bool { kind == .system(SystemError.closedPipe.code) }

  /// Whether the reader is positioned after the damage, so that its `next` continues with the following record.
  package var isSkippable: Bool {
    switch kind {
    case .emptyRecord, .xdrAfterLines: true
    case .foreign(let what): what.isLine
    default: false
    }
  }
}

extension StreamError: CustomStringConvertible {
  /// The message without its position.
  package var description: String {
    switch kind {
    case .cutOff(let have, let need) where have < 4 && need == 4:
      "the input ends inside a record header, after \(have) of 4 bytes"
    case .cutOff(let have, let need):
      "the input ends inside a record, \(have) of \(need) bytes are there"
    case .cutOffFrame: "the input ends inside a zstd frame"
    case .missingRecords: "the input ends before the last record that it announces"
    case .emptyRecord: "empty record"
    case .cutOffValue: "the input ends inside a JSON value"
    case .noRecord(let what, _): what
    case .linesAfterXDR: "text follows XDR; give XDR and lines as separate FILEs"
    case .zstdAfterXDR: "zstd data follows XDR; give compressed and uncompressed data as separate FILEs"
    case .xdrAfterLines: "binary data follows lines; give XDR and lines as separate FILEs"
    case .tooLong(nil, let limit): "record of more than \(limit) bytes (see --max-record)"
    case .tooLong(let length?, let limit): "record of \(length) bytes, more than \(limit) (see --max-record)"
    case .emptyFragments(let count): "record of more than \(count) empty fragments"
    case .foreign(let what): what.rawValue
    case .gzip: "gzip data; pipe it through zcat"
    case .zstd(let words): "damaged zstd data: \(words)"
    case .zstdInZstd: "compressed twice with zstd; pipe it through zstdcat"
    case .zstdWindow(let limit):
      "zstd frame that needs a window of more than \(limit >> 20) MiB; pipe it through zstd -dc --long=31"
    case .garbageAfterZstd: "data after the zstd frame is not zstd"
    case .system(let code): SystemError.text(of: code)
    case .url(let command): "a URL, which is not a file; pipe it in: \(command) | ..."
    case .noLedgersWanted(let ranges): "no object holds \(LedgerRanges.words(for: ranges))"
    case .noLedgersInDirectory: "directory without ledger objects (such as FC3D4704--63092987.xdr.zst)"
    case .tooLongToMark(let length): "record of \(length) bytes, too long for record marking"
    case .waiting, .stopped: "more input is needed"
    }
  }
}
