// All four tools in one executable, which is installed under their four names. They share most of their code.
import CommandLineTools
import EventFilterTool
import InvocationExtractTool
import LedgerSplitTool
import ScvalJSONTool

Toolbox(tools: [ledgerSplit, invocationExtract, eventFilter, scvalJSON]).main()
