import TestSupport

/// Conditions of `event-filter` that cannot be meant, that no record meets, or whose values were never seen.
extension MistakeTests {
  static let filterMistakes: [Mistake] = filterErrors + filterWarnings

  private static let filterErrors: [Mistake] = [
    // Numbers.
    (
      "event-filter --data '>abc'", 2,
      "event-filter: --data: '>abc' compares with no whole number; text that begins with '>' is found by the regular expression '/^>/'"
    ),
    (
      "event-filter --topic '1=<b'", 2,
      "event-filter: --topic: '<b' compares with no whole number; text that begins with '<' is found by the regular expression '/^</'"
    ),
    ("event-filter --arg '0==usd'", 2, "event-filter: --arg: '=usd' compares with no whole number; text is given without '='"),
    ("event-filter --state '>'", 2, "event-filter: --state: '>' compares with nothing: a whole number follows the '>'"),
    ("event-filter --data '>= '", 2, "event-filter: --data: '>= ' compares with nothing: a whole number follows the '>='"),
    ("event-filter --data '==5'", 2, "event-filter: --data: '==5' is no comparison: equal is '=5'"),
    ("event-filter --data '=>5'", 2, "event-filter: --data: '=>5' is no comparison: at least is '>=5'"),
    ("event-filter --arg '=<5'", 2, "event-filter: --arg: '=<5' is no comparison: at most is '<=5'"),
    (
      "event-filter --data '!=5'", 2,
      "event-filter: --data: '!=5' is no comparison: >, >=, <, <= and = are, and -v selects the records that do not match"
    ),
    (
      "event-filter --data 'amount=!=5'", 2,
      "event-filter: --data: '!=5' is no comparison: >, >=, <, <= and = are, and -v selects the records that do not match"
    ),
    ("event-filter --data '>1.5'", 2, "event-filter: --data: '>1.5' compares with no whole number"),
    ("event-filter --data '>=1e9'", 2, "event-filter: --data: '>=1e9' compares with no whole number"),
    // Names, expressions, paths and values.
    (
      "event-filter --function transfer,mint", 2,
      "event-filter: --function: 'transfer,mint' is one name with a comma: repeat the option for each name, or use a regular expression, /^(a|b)$/"
    ),
    (
      "event-filter --function '>5'", 2,
      "event-filter: --function: '>5' is no name: numbers and bytes are compared with values, not with names of functions"
    ),
    (
      "event-filter --function hex:00", 2,
      "event-filter: --function: 'hex:00' is no name: numbers and bytes are compared with values, not with names of functions"
    ),
    (
      "event-filter --function CAAWDON62FVXMSEKUBM6YZIU6WIRHBTUJ6QHXWLVIEIMUWWT2KH3ACZR", 2,
      "event-filter: --function: 'CAAWDON62FVXMSEKUBM6YZIU6WIRHBTUJ6QHXWLVIEIMUWWT2KH3ACZR' is longer than 32 characters, which no name of a function is"
    ),
    (
      "event-filter --data '/usd/i'", 2,
      "event-filter: --data: '/usd/i': a regular expression ends with '/', and no flags follow; for both cases write [aA]"
    ),
    (
      #"event-filter --arg '/^(a*)\1$/' invocations.ndjson"#, 2,
      #"event-filter: --arg: '/^(a*)\1$/': POSIX extended regular expressions have no back-references such as '\1'"#
    ),
    (
      "event-filter --arg '/(([a-z]{1,255}){2,}[])[:alpha:]]{100}){99}/' invocations.ndjson", 2,
      "event-filter: --arg: '/(([a-z]{1,255}){2,}[])[:alpha:]]{100}){99}/' stands for more than 10000 characters when its repetitions are written out"
    ),
    (
      #"event-filter --data '/^\d+$/'"#, 2,
      #"event-filter: --data: '/^\d+$/': POSIX extended regular expressions have no '\d'; a digit is [0-9], anything else [^0-9]"#
    ),
    (
      "event-filter --data 'amount>5'", 2,
      "event-filter: --data: 'amount>5' is no comparison: a '=' follows the path to a member, as in 'amount=>5'"
    ),
    (
      "event-filter --arg '0.amount<=-5'", 2,
      "event-filter: --arg: '0.amount<=-5' is no comparison: a '=' follows the path to a member, as in '0.amount=>5'"
    ),
    (
      "event-filter --data 'amounts[0]=5'", 2,
      "event-filter: --data: 'amounts[0]' is no path to a member, such as amount, balance.amount, 0.amount, or . for the value itself"
    ),
    (
      "event-filter --data '$.amount=5'", 2,
      "event-filter: --data: '$.amount' is no path to a member, such as amount, balance.amount, 0.amount, or . for the value itself"
    ),
    (
      "event-filter --state 'a..b=5'", 2,
      "event-filter: --state: 'a..b' is no path to a member, such as amount, balance.amount, 0.amount, or . for the value itself"
    ),
    ("event-filter --arg 99999999999=x", 2, "event-filter: --arg: '99999999999' is no position, counted from 0"),
    (
      "event-filter --data AAAADwAAAAh0cmFuc2", 2,
      "event-filter: --data: 'AAAADwAAAAh0cmFuc2' looks like base64 of an SCVal, but holds no whole one; text that begins so is found by '/^AAAA/'"
    ),
    (
      "event-filter --contract native --network=", 2,
      "event-filter: --network is empty; it takes a name such as testnet, or a passphrase"
    ),
    ("event-filter --function ''", 2, "event-filter: --function: an empty name is that of no function"),
    // Accounts, contracts and assets.
    ("event-filter --contract XLM", 2, "event-filter: --contract: 'XLM' is no contract: the native asset is 'native'"),
    (
      "event-filter --contract USD-GB6Z52J2OTVVDLIDWZYFFNQUCTWORJFBEJZROVCDTSRMOXMEZJM6YLYH", 2,
      "event-filter: --contract: 'USD-GB6Z52J2OTVVDLIDWZYFFNQUCTWORJFBEJZROVCDTSRMOXMEZJM6YLYH' is no contract: an asset is CODE:ISSUER, with a colon"
    ),
    (
      "event-filter --involves USD:GB6Z", 2,
      "event-filter: --involves: 'USD:GB6Z' is no asset: its issuer is no account (G…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --affects UNITEDSTATESDOLLAR:GB6Z52J2OTVVDLIDWZYFFNQUCTWORJFBEJZROVCDTSRMOXMEZJM6YLYH", 2,
      "event-filter: --affects: 'UNITEDSTATESDOLLAR:GB6Z52J2OTVVDLIDWZYFFNQUCTWORJFBEJZROVCDTSRMOXMEZJM6YLYH' is no asset: its code has 1 to 12 letters and digits, then follow ':' and the issuer"
    ),
    (
      "event-filter --account native", 2,
      "event-filter: --account: 'native' is no account (G…): its length, a character or its checksum is wrong"
    ),
    (
      "event-filter --contract CABC,CDEF", 2,
      "event-filter: --contract: 'CABC,CDEF' is no contract (C…): its length, a character or its checksum is wrong; commas separate nothing here: repeat the option for each value"
    ),
    (
      "event-filter --tx 12,34", 2,
      "event-filter: --tx: '12,34' is no transaction hash, which has 64 hex digits; commas separate nothing here: repeat the option for each value"
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
      "event-filter: --since: '1704067200000' is in milliseconds, it seems; a time is in seconds, such as 1704067200"
    ),
    (
      "event-filter --until 1704067200000000", 2,
      "event-filter: --until: '1704067200000000' is in microseconds, it seems; a time is in seconds, such as 1704067200"
    ),
    (
      "event-filter --since 18446744073709551615", 2,
      "event-filter: --since: '18446744073709551615' is in nanoseconds, it seems; a time is in seconds, such as 18446744073"
    ),
    (
      "event-filter --since 2024-02-30", 2,
      "event-filter: --since: '2024-02-30' is no time such as 2026-06-20T11:02:33Z or 1781953353"
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
      "event-filter: --request: timeFilter.recentOnly: no time is as late as this filter begins and as early as it ends (byte 61)"
    ),
    (
      "event-filter --data '/[^é-\u{10FFFF}]/'", 2,
      "event-filter: --data: '/[^é-\u{10FFFF}]/' has ranges of more than 65536 characters"
    ),
  ]

  private static let filterWarnings: [Mistake] = [
    // What no record meets.
    (
      "event-filter -c invocations.ndjson --succeeded --failed", 0,
      "event-filter: no record meets both: --succeeded, and --failed; --any selects what meets one of them"
    ),
    (
      "event-filter -c invocations.ndjson --contract GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL", 0,
      "event-filter: --contract: 'GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL' is no contract, and only a call that fails can name it; --account selects by who invoked"
    ),
    (
      "event-filter -c invocations.ndjson --contract GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL --contract GALKESNFAWHLBSSPK54IECWFV6MKKNFMW3ODYH3IP2SLWGCS2KUSUYPC",
      0,
      "event-filter: --contract: 'GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL' (and 1 more) is no contract, and only a call that fails can name it; --account selects by who invoked"
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
      "event-filter: --state matches no failed operation, which has no events, state changes or TTL extensions"
    ),
    (
      "event-filter -c invocations.ndjson --result trapped --topic 'transfer/**'", 0,
      "event-filter: --topic matches no failed operation, which has no events, state changes or TTL extensions; with --event-type, its diagnostic events are looked at"
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
      "event-filter: no record meets both: --request function_names, and the type that is asked for"
    ),
    // What there was no record of.
    (
      "event-filter -c invocations.ndjson --tx 0000000000000000000000000000000000000000000000000000000000000000", 0,
      "event-filter: --tx: there was no record of transaction 0000000000000000000000000000000000000000000000000000000000000000"
    ),
    (
      "event-filter -c invocations.ndjson --ledgers 1026 --tx 0000000000000000000000000000000000000000000000000000000000000000",
      0,
      "event-filter: --tx: nothing was selected of transaction 0000000000000000000000000000000000000000000000000000000000000000"
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
      "event-filter: --topic: no event with one topic only matched; did you mean 'transfer/**'?"
    ),
    (
      "event-filter -c invocations.ndjson --topic transfer,mint", 0,
      "event-filter: --topic: 'transfer,mint' is one filter with a comma; commas separate nothing here: repeat the option for each value"
    ),
    (
      "event-filter -c invocations.ndjson --state 'METADATA.decimal=7'", 0,
      "event-filter: --state: there was no member 'METADATA.decimal' where one was looked for; '.' is the value itself"
    ),
    (
      "event-filter -c invocations.ndjson --contract native", 0,
      "event-filter: --contract: 'native' is CAS3J7GYLGXMF6TDJBBYYSE3HQ6BBSMLNUQ34T6TZMYMW2EVH34XOWMA on the network 'Public Global Stellar Network ; September 2015' (see --network)"
    ),
    (
      "event-filter -c invocations.ndjson --involves GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF", 0,
      "event-filter: --involves: 'GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF' is no contract; --account selects by who invoked, --arg and --topic by values"
    ),
    (
      "grep order invocations.ndjson | event-filter --topic order", 0,
      "event-filter: --topic: no event had one topic only; did you mean 'order/**'?"
    ),
    (
      "grep order invocations.ndjson | event-filter --topic 'order/*'", 0,
      "event-filter: --topic: no event had 2 topics only; did you mean 'order/*/**'?"
    ),
  ]
}
