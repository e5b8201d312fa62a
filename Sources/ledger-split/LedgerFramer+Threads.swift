import CommandLineTools

extension LedgerFramer: BareFramer {}
