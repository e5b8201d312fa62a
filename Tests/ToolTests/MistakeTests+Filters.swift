import TestSupport

/// Conditions of `event-filter` that cannot be meant, that no record meets, or whose values never occurred.
extension MistakeTests {
  static let filterMistakes: [Mistake] = filterErrors + filterWarnings

  private static let filterErrors: [Mistake] = [
    // Numbers.
    (
      "event-filter --data '>abc'", 2,
      "event-filter: --data: '>abc' does not compare with a whole number; to find text that begins with '>', use the regular expression '/^>/'"
    ),
    (
      "event-filter --topic '1=<b'", 2,
      "event-filter: --topic: '<b' does not compare with a whole number; to find text that begins with '<', use the regular expression '/^</'"
    ),
    (
      "event-filter --arg '0==usd'", 2, "event-filter: --arg: '=usd' does not compare with a whole number; write text without '='"
    ),
    ("event-filter --state '>'", 2, "event-filter: --state: '>' compares with nothing: a whole number must follow '>'"),
    ("event-filter --data '>= '", 2, "event-filter: --data: '>= ' compares with nothing: a whole number must follow '>='"),
    ("event-filter --data '==5'", 2, "event-filter: --data: '==5' is not a comparison: write equal as '=5'"),
    ("event-filter --data '=>5'", 2, "event-filter: --data: '=>5' is not a comparison: write at least as '>=5'"),
    ("event-filter --arg '=<5'", 2, "event-filter: --arg: '=<5' is not a comparison: write at most as '<=5'"),
    (
      "event-filter --data '!=5'", 2,
      "event-filter: --data: '!=5' is not a comparison: use >, >=, <, <= or =; -v selects the records that do not match"
    ),
    (
      "event-filter --data 'amount=!=5'", 2,
      "event-filter: --data: '!=5' is not a comparison: use >, >=, <, <= or =; -v selects the records that do not match"
    ),
    ("event-filter --data '>1.5'", 2, "event-filter: --data: '>1.5' does not compare with a whole number"),
    ("event-filter --data '>=1e9'", 2, "event-filter: --data: '>=1e9' does not compare with a whole number"),
    // Names, expressions, paths and values.
    (
      "event-filter --function transfer,mint", 2,
      "event-filter: --function: 'transfer,mint' is one name with a comma: repeat the option for each name, or use a regular expression, /^(a|b)$/"
    ),
    (
      "event-filter --function '>5'", 2,
      "event-filter: --function: '>5' is not a name: numbers and bytes are compared with values, not with function names"
    ),
    (
      "event-filter --function hex:00", 2,
      "event-filter: --function: 'hex:00' is not a name: numbers and bytes are compared with values, not with function names"
    ),
    (
      "event-filter --function CAAWDON62FVXMSEKUBM6YZIU6WIRHBTUJ6QHXWLVIEIMUWWT2KH3ACZR", 2,
      "event-filter: --function: 'CAAWDON62FVXMSEKUBM6YZIU6WIRHBTUJ6QHXWLVIEIMUWWT2KH3ACZR' is longer than 32 characters, the most that a function name can have"
    ),
    (
      "event-filter --data '/usd/i'", 2,
      "event-filter: --data: '/usd/i': a regular expression ends with '/' and takes no flags; for both cases write [aA]"
    ),
    (
      #"event-filter --arg '/^(a*)\1$/' invocations.ndjson"#, 2,
      #"event-filter: --arg: '/^(a*)\1$/': POSIX extended regular expressions have no back-references such as '\1'"#
    ),
    (
      "event-filter --arg '/(([a-z]{1,255}){2,}[])[:alpha:]]{100}){99}/' invocations.ndjson", 2,
      "event-filter: --arg: '/(([a-z]{1,255}){2,}[])[:alpha:]]{100}){99}/' has more than 10000 characters when its repetitions are expanded"
    ),
    (
      #"event-filter --data '/^\d+$/'"#, 2,
      #"event-filter: --data: '/^\d+$/': POSIX extended regular expressions have no '\d'; a digit is [0-9], anything else [^0-9]"#
    ),
    (
      "event-filter --data 'amount>5'", 2,
      "event-filter: --data: 'amount>5' is not a comparison: write '=' after the path to a member, as in 'amount=>5'"
    ),
    (
      "event-filter --arg '0.amount<=-5'", 2,
      "event-filter: --arg: '0.amount<=-5' is not a comparison: write '=' after the path to a member, as in '0.amount=>5'"
    ),
    (
      "event-filter --data 'amounts[0]=5'", 2,
      "event-filter: --data: 'amounts[0]' is not a path to a member, such as amount, balance.amount, 0.amount, or . for the value itself"
    ),
    (
      "event-filter --data '$.amount=5'", 2,
      "event-filter: --data: '$.amount' is not a path to a member, such as amount, balance.amount, 0.amount, or . for the value itself"
    ),
    (
      "event-filter --state 'a..b=5'", 2,
      "event-filter: --state: 'a..b' is not a path to a member, such as amount, balance.amount, 0.amount, or . for the value itself"
    ),
    ("event-filter --arg 99999999999=x", 2, "event-filter: --arg: '99999999999' is not a position, counted from 0"),
    (
      "event-filter --data AAAADwAAAAh0cmFuc2", 2,
      "event-filter: --data: 'AAAADwAAAAh0cmFuc2' looks like base64 of an SCVal, but is not a complete one; to find text that begins like this, use '/^AAAA/'"
    ),
    (
      "event-filter --contract native --network=", 2,
      "event-filter: --network is empty; it takes a name such as testnet, or a passphrase"
    ),
    ("event-filter --function ''", 2, "event-filter: --function: no function has an empty name"),
    // Accounts, contracts and assets.
    ("event-filter --contract XLM", 2, "event-filter: --contract: 'XLM' is not a contract: the native asset is 'native'"),
    (
      "event-filter --contract USD-GB6Z52J2OTVVDLIDWZYFFNQUCTWORJFBEJZROVCDTSRMOXMEZJM6YLYH", 2,
      "event-filter: --contract: 'USD-GB6Z52J2OTVVDLIDWZYFFNQUCTWORJFBEJZROVCDTSRMOXMEZJM6YLYH' is not a contract: an asset is CODE:ISSUER, with a colon"
    ),
    (
      "event-filter --involves USD:GB6Z", 2,
      "event-filter: --involves: 'USD:GB6Z' is not an asset: its issuer is not an account (G…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --affects UNITEDSTATESDOLLAR:GB6Z52J2OTVVDLIDWZYFFNQUCTWORJFBEJZROVCDTSRMOXMEZJM6YLYH", 2,
      "event-filter: --affects: 'UNITEDSTATESDOLLAR:GB6Z52J2OTVVDLIDWZYFFNQUCTWORJFBEJZROVCDTSRMOXMEZJM6YLYH' is not an asset: its code has 1 to 12 letters and digits, followed by ':' and the issuer"
    ),
    (
      "event-filter --account native", 2,
      "event-filter: --account: 'native' is not an account (G…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --contract CABC,CDEF", 2,
      "event-filter: --contract: 'CABC,CDEF' is not a contract (C…): its length, a character or its checksum is wrong; commas separate nothing here: repeat the option for each value"
    ),
    (
      "event-filter --tx 12,34", 2,
      "event-filter: --tx: '12,34' is not a transaction hash, which has 64 hex digits; commas separate nothing here: repeat the option for each value"
    ),
    // Ranges that end before they begin, and times.
    ("event-filter --min-args 2 --max-args 1", 2, "event-filter: --min-args 2 is more than --max-args 1"),
    (
      "event-filter --since 2024-01-02 --until 2024-01-01", 2,
      "event-filter: --since 2024-01-02 is later than --until 2024-01-01"
    ),
    ("event-filter --recent 1h --until 2024-01-01", 2, "event-filter: --until 2024-01-01 is longer ago than --recent 1h"),
    (
      "event-filter --since 1704067200000", 2,
      "event-filter: --since: '1704067200000' seems to be in milliseconds; give the time in seconds, such as 1704067200"
    ),
    (
      "event-filter --until 1704067200000000", 2,
      "event-filter: --until: '1704067200000000' seems to be in microseconds; give the time in seconds, such as 1704067200"
    ),
    (
      "event-filter --since 18446744073709551615", 2,
      "event-filter: --since: '18446744073709551615' seems to be in nanoseconds; give the time in seconds, such as 18446744073"
    ),
    (
      "event-filter --since 2024-02-30", 2,
      "event-filter: --since: '2024-02-30' is not a time such as 2026-06-20T11:02:33Z or 1781953353"
    ),
    ("event-filter --recent 99999999999999999999d", 2, "event-filter: --recent: '99999999999999999999d' begins before 1970"),
    ("event-filter --recent 9999999999d", 2, "event-filter: --recent: '9999999999d' begins before 1970"),
    (
      "event-filter --recent 1h9223372036854775807s9223372036854775807s", 2,
      "event-filter: --recent: '1h9223372036854775807s9223372036854775807s' begins before 1970"
    ),
    // Requests.
    (
      #"echo '{"startLedger":20,"endLedger":10}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: endLedger: a range from ledger 20 to 10 is empty (byte 30)"
    ),
    (
      #"echo '{"timeFilter":{"endTime":"2024-01-01T00:00:00Z","recentOnly":true}}' | event-filter --request /dev/stdin"#, 2,
      "event-filter: --request: timeFilter.recentOnly: a time range that starts after its end is empty (byte 61)"
    ),
    (
      "event-filter --data '/[^é-\u{10FFFF}]/'", 2,
      "event-filter: --data: '/[^é-\u{10FFFF}]/' has ranges of more than 65536 characters"
    ),
  ]

  private static let filterWarnings: [Mistake] = [
    // Conditions that no record can meet.
    (
      "event-filter -c invocations.ndjson --succeeded --failed", 0,
      "event-filter: no record meets both: --succeeded, and --failed; --any selects records that meet one of them"
    ),
    (
      "event-filter -c invocations.ndjson --contract GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL", 0,
      "event-filter: --contract: 'GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL' is not a contract, and only a failed call can name it; --account selects by who invoked"
    ),
    (
      "event-filter -c invocations.ndjson --contract GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL --contract GALKESNFAWHLBSSPK54IECWFV6MKKNFMW3ODYH3IP2SLWGCS2KUSUYPC",
      0,
      "event-filter: --contract: 'GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL' (and 1 more) is not a contract, and only a failed call can name it; --account selects by who invoked"
    ),
    (
      "event-filter -c invocations.ndjson --succeeded --result trapped", 0,
      "event-filter: no record meets both: --succeeded, and --result without 'success'"
    ),
    (
      "event-filter -c invocations.ndjson --type upload --function transfer", 0,
      "event-filter: no record meets both: --function, and --type upload"
    ),
    (
      "event-filter -c invocations.ndjson --type extend,restore --topic 'a/**'", 0,
      "event-filter: no record meets both: --topic, and --type extend,restore"
    ),
    (
      "event-filter -c invocations.ndjson --type upload --min-args 1", 0,
      "event-filter: no record meets both: --min-args, and --type upload"
    ),
    (
      "event-filter -c invocations.ndjson --failed --state x", 0,
      "event-filter: --state does not match failed operations, which have no events, state changes or TTL extensions"
    ),
    (
      "event-filter -c invocations.ndjson --result trapped --topic 'transfer/**'", 0,
      "event-filter: --topic does not match failed operations, which have no events, state changes or TTL extensions; with --event-type, it looks at their diagnostic events"
    ),
    (
      "event-filter -c invocations.ndjson --change restore --durability temporary", 0,
      "event-filter: no record meets both: --change restore, and --durability temporary, which is never restored"
    ),
    (
      "event-filter -c invocations.ndjson --arg 3=x --max-args 3", 0,
      "event-filter: no record meets both: --arg at position 3, counted from 0, and --max-args 3"
    ),
    (
      #"echo '{"typeFilter":3,"functionNames":["f"]}' | event-filter -c --request /dev/stdin invocations.ndjson"#, 0,
      "event-filter: no record meets both: --request function_names, and the requested type"
    ),
    // Values without a record.
    (
      "event-filter -c invocations.ndjson --tx 0000000000000000000000000000000000000000000000000000000000000000", 0,
      "event-filter: --tx: there was no record of transaction 0000000000000000000000000000000000000000000000000000000000000000"
    ),
    (
      "event-filter -c invocations.ndjson --ledgers 1026 --tx 0000000000000000000000000000000000000000000000000000000000000000",
      0,
      "event-filter: --tx: nothing was selected from transaction 0000000000000000000000000000000000000000000000000000000000000000"
    ),
    ("event-filter -c invocations.ndjson --ledgers 5", 0, "event-filter: --ledgers: there was no record of ledger 5"),
    (
      "event-filter -c invocations.ndjson --ledgers 5-9", 0,
      "event-filter: --ledgers: there was no record of a ledger from 5 to 9"
    ),
    (
      "event-filter -c invocations.ndjson --ledgers 2000-", 0,
      "event-filter: --ledgers: there was no record of a ledger from 2000 on"
    ),
    (
      "event-filter -c invocations.ndjson --topic transfer", 0,
      "event-filter: --topic: no event with only one topic matched; did you mean 'transfer/**'?"
    ),
    (
      "event-filter -c invocations.ndjson --topic transfer,mint", 0,
      "event-filter: --topic: 'transfer,mint' is one filter with a comma; commas separate nothing here: repeat the option for each value"
    ),
    (
      "event-filter -c invocations.ndjson --state 'METADATA.decimal=7'", 0,
      "event-filter: --state: no member 'METADATA.decimal' was found; '.' is the value itself"
    ),
    (
      "event-filter -c invocations.ndjson --contract native", 0,
      "event-filter: --contract: 'native' is CAS3J7GYLGXMF6TDJBBYYSE3HQ6BBSMLNUQ34T6TZMYMW2EVH34XOWMA on the network 'Public Global Stellar Network ; September 2015' (see --network)"
    ),
    (
      "event-filter -c invocations.ndjson --involves GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF", 0,
      "event-filter: --involves: 'GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF' is not a contract; --account selects by who invoked, --arg and --topic by values"
    ),
    (
      "grep order invocations.ndjson | event-filter --topic order", 0,
      "event-filter: --topic: no event had only one topic; did you mean 'order/**'?"
    ),
    (
      "grep order invocations.ndjson | event-filter --topic 'order/*'", 0,
      "event-filter: --topic: no event had only 2 topics; did you mean 'order/*/**'?"
    ),
  ]
}
