// Data lakes that are written while they are read.

extension RecordReader {
  /// Waits for the next object of a data lake that is followed; nil if none is wanted, or none is followed.
  mutating func waitForObject(_ output: inout Output) throws(StreamError) -> InputFiles.File? {
    var since = ContinuousClock.now
    while let follower = files.follower, let ledger = follower.next {
      try source.descriptor.wait(for: follower.notifier, atMost: follower.pause, flushing: &output)
      if let file = try files.next() { return file }
      if files.follower?.hasGap == true, .now - since >= follower.options.patience {
        output.monitor?.isMissing(ledger, of: follower.directory)
        since = .now
      }
    }
    return nil
  }

  /// After an error in an object of a data lake that is followed: it may not be whole yet. Waits until it changes, and begins it again; false if
  /// it stays as it is, and for any other input.
  package mutating func readAgain(_ output: inout Output) throws(StreamError) -> Bool {
    guard let follower = files.follower, let object = lakeObject else { return false }
    source.close()
    isOpen = false
    number = before
    let end = ContinuousClock.now + follower.options.patience
    while [opened, FileStamp()].contains(FileStamp(of: object.path)) {
      if .now >= end { return false }
      try source.descriptor.wait(for: follower.notifier, atMost: min(follower.options.poll, end - .now), flushing: &output)
    }
    return try open(InputFiles.File(path: object.path, lakeObject: object), &output)
  }
}
