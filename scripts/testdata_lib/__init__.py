"""The modules of `make-testdata`.

values, strkey, network     building blocks: ScVals, keys and addresses, the protocol's hashes
muxed_contract              the one address that the encoder does not know, packed by hand
recorder, state, signatures what one operation did, as a story: calls and events, entries, authorization;
                            each has both core's output and the expected output of a reader
contract_spec               the contract with a specification
transactions, ledgers       envelopes, results and meta around the stories; ledgers around those
scenario, scenario_*        the ledgers, each transaction with the reason why it exists
records                     the records that the tools must print, from the stories
outputs, rpc, value_rows, readme, files    the files
xdr_text, sep51             an independent renderer of the protocol's JSON
check                       invariants, checked on the bytes of the files
"""
