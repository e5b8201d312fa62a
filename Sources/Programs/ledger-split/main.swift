import CommandLineTools
import LedgerSplitTool

ledgerSplit.main()
