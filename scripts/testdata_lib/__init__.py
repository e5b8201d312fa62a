"""What `make-testdata` is made of.

values, strkey, network     building blocks: ScVals, keys and addresses, the protocol's hashes
muxed_contract              the one address that the encoder does not know, packed by hand
recorder, state, signatures what one operation did, told as a story: calls and events, entries, authorization;
                            each knows both what core writes and what a reader must make of it
contract_spec               the contract with a specification
transactions, ledgers       envelopes, results and meta around the stories; ledgers around those
scenario, scenario_*        the ledgers, each transaction with the reason why it is there
records                     the records that the tools must print, from the stories
outputs, rpc, value_rows, readme, files    the files
xdr_text, sep51             an independent renderer of the protocol's JSON
check                       invariants, checked on the bytes of the files
"""
