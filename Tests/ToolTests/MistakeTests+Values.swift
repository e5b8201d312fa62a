/// Errors in XDR, in JSON, and in JSON that should become XDR.
extension MistakeTests {
  static let valueMistakes: [Mistake] = [
    (
      #"echo '"x"' | scval-json --encode"#, 3,
      "scval-json: standard input: expected SCVal (bool, void, error, u32, i32, u64, i64, timepoint, …) (byte 0, record 1)"
    ),
    (
      #"echo '{"u33":1}' | scval-json --encode"#, 3,
      "scval-json: standard input: u33: expected SCVal (bool, void, error, u32, i32, u64, i64, timepoint, …) (byte 1, record 1)"
    ),
    (#"echo '"AAA"' | scval-json"#, 3, "scval-json: standard input: not base64 (byte 4, record 1)"),
    (
      "echo AAAAAwAAAAcAAAAA | scval-json", 3,
      "scval-json: standard input: 4 bytes left over after SCVal; is it of the type SCVal? (see --type) (byte 0, record 1)"
    ),
    // Lines that are not base64.
    (
      "echo 0000000f0000000473776170 | scval-json", 3,
      "scval-json: standard input: this looks like hex; pipe it through xxd -r -p | base64 -w 0 (byte 0, record 1)"
    ),
    (
      #"echo '{"v":"0x0000000f0000000473776170"}' | scval-json --field v"#, 3,
      "scval-json: standard input: v: this looks like hex; pipe it through xxd -r -p | base64 -w 0 (byte 6, record 1)"
    ),
    (
      "echo GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ | scval-json", 3,
      "scval-json: standard input: this is a strkey, not XDR in base64 (byte 0, record 1)"
    ),
    (
      "echo AAAADgAAAAP__-8A | scval-json", 3,
      "scval-json: standard input: URL-safe base64; pipe it through tr -- '-_' '+/' (byte 0, record 1)"
    ),
    (
      #"printf 'AAAAAQ==\ntransfer of 7\n' | scval-json > /dev/null"#, 3,
      "scval-json: standard input: this is plain text, neither base64 nor JSON (byte 9, record 2)"
    ),
    // Values of another type.
    (
      "echo AAAAAAAAAGT/////AAAAAQAAAAAAAAAY/////gAAAAA= | scval-json", 3,
      "scval-json: standard input: bool: expected 0 or 1, found 100; --type TransactionResult reads it (byte 0, record 1)"
    ),
    (
      #"jq -c '{v: .envelope_xdr}' transactions.ndjson | head -n 1 | scval-json --field v --type TransactionMeta"#, 3,
      "scval-json: standard input: v: v2.tx_changes_before: LedgerEntryChanges declares more data than is left; --type TransactionEnvelope reads it (byte 5, record 1)"
    ),
    // Without framing.
    (
      #"printf '\0\0\0\3\0\0\0\7\0\0\0\27' | scval-json"#, 3,
      "scval-json: standard input: SCVal has no arm 23; is it of the type SCVal? (see --type) (byte 8, record 2)"
    ),
    (
      #"printf '\0\0\0\3\0\0\0\7\0\0\0\3\0' | scval-json -k"#, 3,
      "scval-json: standard input: u32: ends inside the value (byte 12, record 2)"
    ),
    (
      #"printf '\0\0\0\0\0\0\0\144\377\377\377\377\0\0\0\1\0\0\0\0\0\0\0\30\377\377\377\376\0\0\0\0' | scval-json"#, 3,
      "scval-json: standard input: bool: expected 0 or 1, found 100; --type TransactionResult reads it (byte 4, record 1)"
    ),
    (
      "cat lake/FFFFFBFF--1024-1031/* | scval-json --type SCVal", 3,
      "scval-json: standard input: this is a LedgerCloseMetaBatch; ledger-split makes transactions from it, and --type LedgerCloseMetaBatch decodes all of it (byte 0, record 1)"
    ),
    (
      "head -c 1000 ledgers.xdr | tail -c +5 | scval-json --type LedgerKey", 3,
      "scval-json: standard input: this is a LedgerCloseMeta; ledger-split makes transactions from it, and --type LedgerCloseMeta decodes all of it (byte 0, record 1)"
    ),
    // Paths to missing members.
    (
      #"echo '{"topic":["AAAAAQ=="],"value":"AAAAAQ=="}' | scval-json --field 'topic[]' --field valeu > /dev/null"#, 0,
      "scval-json: --field valeu: no line has a string there; did you mean 'value'?"
    ),
    (
      "scval-json --field 'topic[]' rpc/getEvents.json > /dev/null", 0,
      "scval-json: --field topic[]: no line has a string there; did you mean 'result.events[].topic[]'?"
    ),
    (
      "scval-json --field nothing.alike rpc/getEvents.json > /dev/null", 0,
      "scval-json: --field nothing.alike: no line has a string there"
    ),
    // XDR.
    (
      "echo AAAAEAAAAAH///// | scval-json", 3,
      "scval-json: standard input: vec: SCVec declares more data than is left; is it of the type SCVal? (see --type) (byte 0, record 1)"
    ),
    (
      "echo AAAADf////8= | scval-json", 3,
      "scval-json: standard input: bytes: SCBytes declares more data than is left; is it of the type SCVal? (see --type) (byte 0, record 1)"
    ),
    (
      "echo AAAADwAAACFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWEAAAA= | scval-json", 3,
      "scval-json: standard input: symbol: 33 is too long for SCSymbol; is it of the type SCVal? (see --type) (byte 0, record 1)"
    ),
    (
      "echo AAAADQAAAAEHAAAB | scval-json", 3,
      "scval-json: standard input: bytes: padding is not zero; is it of the type SCVal? (see --type) (byte 0, record 1)"
    ),
    (
      "echo AAAAAAAAAAI= | scval-json", 3,
      "scval-json: standard input: bool: expected 0 or 1, found 2; is it of the type SCVal? (see --type) (byte 0, record 1)"
    ),
    (
      "echo AAAAEQAAAAc= | scval-json", 3,
      "scval-json: standard input: map: expected 0 or 1, found 7; is it of the type SCVal? (see --type) (byte 0, record 1)"
    ),
    (
      "echo AAAACQ== | scval-json --type ContractEventType", 3,
      "scval-json: standard input: 9 is not a valid ContractEventType; is it of the type ContractEventType? (see --type) (byte 0, record 1)"
    ),
    (
      #"(printf '\200\0\27\174'; for i in $(seq 501); do printf '\0\0\0\20\0\0\0\1\0\0\0\1'; done) | scval-json"#, 3,
      "scval-json: standard input: vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec: nested more than 500 levels deep (byte 6004, record 1)"
    ),
    // JSON.
    (#"printf '{"a":\1}' | scval-json"#, 3, "scval-json: standard input: a: unexpected byte 0x1 in JSON (byte 5, record 1)"),
    (#"echo '{"a":x}' | scval-json"#, 3, "scval-json: standard input: a: unexpected 'x' in JSON (byte 5, record 1)"),
    (#"echo '{"a":01}' | scval-json"#, 3, "scval-json: standard input: a: malformed JSON number (byte 5, record 1)"),
    (
      #"printf '%s\n' '{"a":"\q"}' | scval-json"#, 3,
      "scval-json: standard input: a: unknown escape in a JSON string (byte 6, record 1)"
    ),
    (
      #"printf '{"a":"\1"}' | scval-json"#, 3,
      "scval-json: standard input: a: control character in a JSON string (byte 6, record 1)"
    ),
    (#"printf '{"a":"\303("}' | scval-json"#, 3, "scval-json: standard input: a: JSON string is not UTF-8 (byte 6, record 1)"),
    (
      #"printf '%s\n' '{"string":"\ud800"}' | scval-json --encode"#, 3,
      "scval-json: standard input: string: half of a surrogate pair in a JSON string (byte 11, record 1)"
    ),
    ("echo '{} {}' | scval-json", 3, "scval-json: standard input: something follows the JSON value (byte 3, record 1)"),
    (
      #"(printf '{"a":'; printf '%02049d' 0 | tr 0 '['; printf '%02049d' 0 | tr 0 ']'; echo '}') | scval-json"#, 3,
      "scval-json: standard input: a[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][…[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: JSON nested more than 2048 levels deep (byte 2052, record 1)"
    ),
    (
      #"(printf '%0501d' 0 | sed 's/0/{"vec":[/g'; printf '%0501d' 0 | sed 's/0/]}/g') | scval-json --encode"#, 3,
      "scval-json: standard input: vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec…c[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0].vec[0]: nested more than 500 levels of XDR deep (byte 4000, record 1)"
    ),
    // From JSON.
    (
      #"echo '{"u32":1.5}' | scval-json --encode"#, 3,
      "scval-json: standard input: u32: expected unsigned int (a whole number, not in quotes) (byte 7, record 1)"
    ),
    (
      #"echo '{"u64":true}' | scval-json --encode"#, 3,
      "scval-json: standard input: u64: expected unsigned hyper (a decimal string) (byte 7, record 1)"
    ),
    (
      #"echo '{"i128":5}' | scval-json --encode"#, 3,
      "scval-json: standard input: i128: expected Int128Parts (a decimal string) (byte 8, record 1)"
    ),
    (
      #"echo '{"bool":1}' | scval-json --encode"#, 3,
      "scval-json: standard input: bool: expected bool (true or false) (byte 8, record 1)"
    ),
    (
      #"echo '{"bytes":"0g"}' | scval-json --encode"#, 3,
      "scval-json: standard input: bytes: expected SCBytes (hex digits) (byte 11, record 1)"
    ),
    (
      #"echo '"00"' | scval-json --encode --type Hash"#, 3,
      "scval-json: standard input: expected Hash (64 hex digits) (byte 1, record 1)"
    ),
    (
      #"echo '{"string":"é"}' | scval-json --encode"#, 3,
      #"scval-json: standard input: string: expected SCString (a string; bytes other than printable ASCII as \\xNN) (byte 11, record 1)"#
    ),
    (
      #"echo '{"vec":1}' | scval-json --encode"#, 3,
      "scval-json: standard input: vec: expected SCVec (an array) (byte 7, record 1)"
    ),
    (
      #"echo '{"skip_list":[]}' | scval-json --encode --type LedgerHeader"#, 3,
      "scval-json: standard input: skip_list: expected Hash[4] (an array of 4) (byte 13, record 1)"
    ),
    (
      #"echo '{"map":[1]}' | scval-json --encode"#, 3,
      "scval-json: standard input: map[0]: expected SCMapEntry (an object of key, val) (byte 8, record 1)"
    ),
    (
      #"echo '"x"' | scval-json --encode --type ContractEventType"#, 3,
      "scval-json: standard input: expected ContractEventType (system, contract, diagnostic) (byte 0, record 1)"
    ),
    (
      #"echo '"noon"' | scval-json --encode --type Time"#, 3,
      "scval-json: standard input: expected Time (RFC 3339, in UTC) (byte 1, record 1)"
    ),
    (
      "echo '7' | scval-json --encode --type Base64", 3,
      "scval-json: standard input: expected Base64 (base64) (byte 0, record 1)"
    ),
    (
      #"echo '"CODE:GABC"' | scval-json --encode --type AssetName"#, 3,
      "scval-json: standard input: expected AssetName (native, or CODE:G…) (byte 1, record 1)"
    ),
    (
      #"echo '{"address":1}' | scval-json --encode"#, 3,
      "scval-json: standard input: address: expected SCAddress (G…, C…, M…, B… or L…) (byte 11, record 1)"
    ),
    (
      #"echo '{"u32":4294967296}' | scval-json --encode"#, 3,
      "scval-json: standard input: u32: number out of range for unsigned int (byte 7, record 1)"
    ),
    (
      #"echo '{"symbol":"a234567890123456789012345678901234"}' | scval-json --encode"#, 3,
      "scval-json: standard input: symbol: too long for SCSymbol (at most 32 bytes) (byte 11, record 1)"
    ),
    (
      #"echo '"ABCDE"' | scval-json --encode --type AssetCode4"#, 3,
      "scval-json: standard input: too long for AssetCode4 (at most 4 bytes) (byte 1, record 1)"
    ),
    (
      #"echo '"ABCDEFGHIJKLM"' | scval-json --encode --type AssetCode"#, 3,
      "scval-json: standard input: too long for AssetCode (a code has at most 12 bytes) (byte 1, record 1)"
    ),
    (
      #"echo '"ABCDEFGHIJKLM:GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ"' | scval-json --encode --type AssetName"#,
      3,
      "scval-json: standard input: too long for AssetName (a code has at most 12 bytes) (byte 1, record 1)"
    ),
    (
      #"echo '{"value_types":["u32","u32","u32","u32","u32","u32","u32","u32","u32","u32","u32","u32","u32"]}' | scval-json --encode --type SCSpecTypeTuple"#,
      3,
      "scval-json: standard input: value_types: too long for SCSpecTypeDef<12> (at most 12) (byte 15, record 1)"
    ),
    (
      #"echo '{"address":"CABC"}' | scval-json --encode"#, 3,
      "scval-json: standard input: address: not a strkey for SCAddress (G…, C…, M…, B… or L…) (byte 12, record 1)"
    ),
    (
      #"echo '"GABC"' | scval-json --encode --type AccountID"#, 3,
      "scval-json: standard input: not a strkey for AccountID (G…) (byte 1, record 1)"
    ),
    (
      #"echo '"GABC"' | scval-json --encode --type MuxedAccount"#, 3,
      "scval-json: standard input: not a strkey for MuxedAccount (G… or M…) (byte 1, record 1)"
    ),
    (
      #"echo '"CABC"' | scval-json --encode --type ContractID"#, 3,
      "scval-json: standard input: not a strkey for ContractID (C…) (byte 1, record 1)"
    ),
    (
      #"echo '"LABC"' | scval-json --encode --type PoolID"#, 3,
      "scval-json: standard input: not a strkey for PoolID (L…) (byte 1, record 1)"
    ),
    (
      #"echo '"BABC"' | scval-json --encode --type ClaimableBalanceID"#, 3,
      "scval-json: standard input: not a strkey for ClaimableBalanceID (B…) (byte 1, record 1)"
    ),
    (
      #"echo '"GABC"' | scval-json --encode --type SignerKey"#, 3,
      "scval-json: standard input: not a strkey for SignerKey (G…, T…, X… or P…) (byte 1, record 1)"
    ),
    (
      #"echo '"MABC"' | scval-json --encode --type MuxedEd25519Account"#, 3,
      "scval-json: standard input: not a strkey for MuxedEd25519Account (M…) (byte 1, record 1)"
    ),
    (
      #"echo '"PABC"' | scval-json --encode --type SignerKeyEd25519SignedPayload"#, 3,
      "scval-json: standard input: not a strkey for SignerKeyEd25519SignedPayload (P…) (byte 1, record 1)"
    ),
    (
      #"echo '{"i_pv4":[127,0,0]}' | scval-json --encode --type PeerAddressIp"#, 3,
      "scval-json: standard input: i_pv4: expected opaque[4] (an array of 4 numbers, 0 to 255) (byte 9, record 1)"
    ),
    (
      #"echo '{"i_pv4":[127,0,0,256]}' | scval-json --encode --type PeerAddressIp"#, 3,
      "scval-json: standard input: i_pv4[3]: number out of range for opaque[4] (byte 18, record 1)"
    ),
    (#"echo '{"xdr":"A"}' | scval-json --encode"#, 3, "scval-json: standard input: xdr: not base64 (byte 9, record 1)"),
    (
      #"echo '{"xdr":"AAAAFw=="}' | scval-json --encode"#, 3,
      "scval-json: standard input: xdr: base64 that does not hold a valid SCVal (byte 8, record 1)"
    ),
    (
      #"echo '{"map":[{"key":"void"}]}' | scval-json --encode"#, 3,
      #"scval-json: standard input: map[0]: SCMapEntry needs the member "val" (byte 8, record 1)"#
    ),
    (
      #"echo '{"map":[{"key":"void","val":"void","x":1}]}' | scval-json --encode"#, 3,
      "scval-json: standard input: map[0].x: SCMapEntry has no such member (key, val) (byte 35, record 1)"
    ),
    (
      #"echo '{"map":[{"key":"void","key":"void"}]}' | scval-json --encode"#, 3,
      "scval-json: standard input: map[0].key: member given twice in SCMapEntry (byte 22, record 1)"
    ),
    (
      #"echo '{"u32":1,"i32":2}' | scval-json --encode"#, 3,
      "scval-json: standard input: i32: SCVal has one member, and this is a second one (byte 9, record 1)"
    ),
    (
      #"echo '"u32"' | scval-json --encode"#, 3,
      #"scval-json: standard input: "u32" of SCVal needs a value: {"u32":…} (byte 0, record 1)"#
    ),
    (
      #"echo '{"void":1}' | scval-json --encode"#, 3,
      #"scval-json: standard input: void: "void" of SCVal has no value, and is written as a string (byte 1, record 1)"#
    ),
  ]
}
