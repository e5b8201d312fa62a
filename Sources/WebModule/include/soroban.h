/*
 * soroban.h: what soroban.wasm exports.
 *
 * The module is the core of soroban-pipes: ledgers go in, lines of JSON come out, the same bytes as the tools write. It imports nothing: it
 * has no files, no clock and no random numbers, and runs wherever WebAssembly does. `make wasm` builds it; scripts/consumers/module/soroban.js
 * is its face for JavaScript. soroban-wasi.wasm is the same as a WASI command (see the end of this page).
 *
 * Call `_initialize` once, before anything else. The module is for one thread; run several instances side by side.
 *
 * Memory
 *   size_t and pointers have 32 bits; pointers are offsets in the exported `memory`. The memory may grow in any call, and never shrinks: in
 *   JavaScript take a new view of `memory.buffer` after each call. Bytes that the module is given are only read, and only during the call;
 *   they are the host's, who allocates and releases them. Bytes that the module gives stay where they are until the next call for that
 *   session (for the session 0: until the next call), and are the module's.
 *
 * Text is UTF-8, with a length and without a final zero.
 *
 * Errors never trap. A session that fails keeps what it wrote before, and says what is wrong: soroban_status is the exit status of the tools
 * (2 wrong usage, 3 bad input data), soroban_message the tools' text with its place, such as
 *   ledgers.xdr: the input ends inside a record, 100 of 4711 bytes are there (byte 4, record 1)
 * Only a host that has no memory to give can make the module trap; the instance cannot be used after that.
 *
 * A session
 *
 *   session = soroban_open(options, length)           0: see soroban_message(0)
 *   repeat
 *     soroban_feed(session, bytes, length)            or soroban_end(session)
 *     repeat
 *       state = soroban_run(session)
 *       take soroban_output(session), soroban_output_length(session) bytes; then soroban_clear(session)
 *     while state is SOROBAN_MORE
 *   until state is SOROBAN_ENDED or SOROBAN_FAILED
 *   soroban_close(session)
 */
#ifndef SOROBAN_H
#define SOROBAN_H

#include <stddef.h>
#include <stdint.h>

/* Memory for what the host gives to the module; 0 where there is none. Release it with soroban_release. */
void *soroban_allocate(size_t length);
void soroban_release(void *memory);

/* What a session's soroban_run came to. */
enum soroban_state {
  /* All that was fed is used: feed more, or end the input. */
  SOROBAN_WANTS_INPUT = 0,
  /* There is a large piece of output (256 KiB or more). Take it, and run again. */
  SOROBAN_MORE = 1,
  /* Everything was read and written. What is fed from now on is ignored. */
  SOROBAN_ENDED = 2,
  /* The input or the options are wrong: see soroban_status and soroban_message. What was written before is good. */
  SOROBAN_FAILED = 3
};

/*
 * Begins a session; returns its number, or 0 for options that are wrong (soroban_message(0) says how). Options are a JSON object; a member
 * that is not known is an error.
 *
 *   mode        "invocations" (default), "events", "transactions" or "ledgers": one line for each
 *   style       "raw" (default): values as {"xdr":"…"}, as the tools pass them on; ledgers as base64
 *               "sep51", "native": values decoded, as scval-json --style does it
 *               "proto": invocations only, as scval-json --style proto
 *   network     pubnet (default), testnet, futurenet, local or a passphrase
 *   input       "auto" (default), "xdr" or "ndjson"
 *   name        what messages call the input; default "standard input", as the tools do
 *   maxRecord   the largest record in bytes; default 268435456 (256 MiB)
 *   ledgers     "5-9", or a list of such ranges: only these (5-, -9 and 5 are ranges, too)
 *   keepGoing   true: a record that cannot be read is a warning, and the next one is read (default: the session fails)
 *   verify      true: compute the hashes of ledgers again, prove events and return values (ledger-split and invocation-extract --verify)
 *   soroban     true, transactions only: those with a Soroban operation
 *   tx          a list of hashes, transactions only
 *   include, exclude   lists of parts of an invocation: events, diagnostics, calls, state, ttl, auth, resources, raw, metrics
 *   type        list of kinds of invocation to write: call, create, upload
 *   footprintOps, omitUnchanged   true: as the options of invocation-extract
 *   after       a TOID as a decimal text: only invocations behind it
 *   request     a GetInvocationsRequest in protobuf-JSON, or a request of getEvents: as event-filter --request
 *   conditions  further conditions of event-filter, by the names of its options: {"contract": ["C…"], "topic": ["transfer"],
 *               "succeeded": true, "min-args": 1, "any": true, "invert-match": true}. Values that may be repeated are lists or one text;
 *               files (@FILE) are not read
 *   specs       a list of {"contract": "C…" (optional), "data": base64}: contract interfaces (.wasm or SCSpecEntry), as scval-json --spec;
 *               style sep51 or native, invocations and events only. [] names the events of asset contracts alone
 *   now         the time in Unix seconds, for "recent" and recentOnly; the module has no clock
 *
 * Input is what the tools read, decompressed where it is zstd: LedgerCloseMeta, record-marked, back to back or in SEP-54 batches; lines of
 * getLedgers, or a whole answer of it, pretty-printed or not; LedgerTransaction records or lines; getTransactions and getTransaction; for
 * events also getEvents. It is told apart by its first record.
 */
uint32_t soroban_open(const uint8_t *options, size_t length);

/* Adds bytes to what is to be read: any number, cut anywhere. They are copied. Reading is soroban_run's: run until it wants input before
   more is fed, so that memory stays bounded. Without bytes (length 0) it says that the input pauses: what is whole is then looked for even
   where nothing but the next bytes could show that a record has ended (XDR back to back), which costs time if it is done often. */
void soroban_feed(uint32_t session, const uint8_t *bytes, size_t length);

/* No more bytes will come. */
void soroban_end(uint32_t session);

/* Reads and writes until there is a large piece of output or no input left. Returns a soroban_state. */
uint32_t soroban_run(uint32_t session);

/* Whole lines, each with its line feed, since soroban_clear. Of the session 0: what soroban_decode, soroban_encode, soroban_types and
   soroban_version gave. */
const uint8_t *soroban_output(uint32_t session);
size_t soroban_output_length(uint32_t session);

/* Forgets the output and the warnings that were taken. */
void soroban_clear(uint32_t session);

/* What is wrong, once a session has failed; of the session 0, why soroban_open, soroban_decode or soroban_encode failed. */
const uint8_t *soroban_message(uint32_t session);
size_t soroban_message_length(uint32_t session);
/* 0, or 2 (usage) or 3 (data). */
uint32_t soroban_status(uint32_t session);
/* Where: the byte of the (decompressed) input, the number of the record from 1, the ledger. -1 where that is not known. */
int64_t soroban_message_offset(uint32_t session);
int64_t soroban_message_record(uint32_t session);
int64_t soroban_message_ledger(uint32_t session);

/* Warnings since soroban_clear, one a line, as the tools print them on standard error; at most ten of a kind in a session. */
const uint8_t *soroban_warnings(uint32_t session);
size_t soroban_warnings_length(uint32_t session);

/* Counters so far: bytes_in, bytes_out, records_in, records_out, skipped, ledgers, first_ledger, last_ledger and closed_at (of the last ledger,
   in Unix seconds), as one JSON object (the two ledgers and the time are null before the first). Stays until the next call. */
const uint8_t *soroban_counters(uint32_t session);
size_t soroban_counters_length(uint32_t session);

/* Ends a session and releases what it holds. Later calls with its number do nothing, and give 0. */
void soroban_close(uint32_t session);

/*
 * Single values. 1 for a value that is good: it stands in soroban_output(0) without a line feed. 0 for one that is not: soroban_message(0).
 */
enum soroban_style { SOROBAN_SEP51 = 0, SOROBAN_NATIVE = 1 };
enum soroban_form { SOROBAN_BASE64 = 0, SOROBAN_XDR = 1 };

/* XDR to JSON. `type` is a name of soroban_types, such as SCVal or TransactionEnvelope; upper and lower case do not matter. */
uint32_t soroban_decode(
  const uint8_t *type, size_t type_length, uint32_t style, uint32_t form, const uint8_t *value, size_t length);
/* SEP-51 JSON to XDR, in `form`. */
uint32_t soroban_encode(const uint8_t *type, size_t type_length, uint32_t form, const uint8_t *json, size_t length);

/* The names of all types, one a line, in soroban_output(0). */
void soroban_types(void);
/* The version, such as 1.0.0, in soroban_output(0). */
void soroban_version(void);

/*
 * soroban-wasi.wasm: ledgers on standard input, lines on standard output, messages on standard error, the tools' exit status.
 *
 *   wasmkit run soroban-wasi.wasm '{"style":"native"}' < ledgers.xdr.zst
 *
 * Its one argument is the JSON object of soroban_open, and may be left out.
 */

#endif
