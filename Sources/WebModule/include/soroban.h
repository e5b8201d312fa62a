/*
 * soroban.h: what soroban.wasm exports.
 *
 * The module is the core of soroban-pipes. It reads ledgers and writes lines of JSON, with the same bytes as the tools. It
 * imports nothing: it has no files, no clock and no random numbers, and runs wherever WebAssembly does. `make wasm` builds it,
 * and scripts/consumers/module/soroban.js wraps it for JavaScript. soroban-wasi.wasm is the same as a WASI command (see the end
 * of this file).
 *
 * Call `_initialize` once, before anything else. The module is single-threaded; run several instances in parallel.
 *
 * Memory
 *   size_t and pointers have 32 bits. Pointers are offsets in the exported `memory`. The memory can grow in any call, and never
 *   shrinks. In JavaScript, create a new view of `memory.buffer` after each call. The host allocates and releases the bytes that
 *   it passes to the module; the module only reads them, and only during the call. The module owns the bytes that it returns;
 *   they are valid until the next call for the same session (for session 0, until the next call of any kind).
 *
 * Text is UTF-8, with a length and without a final zero.
 *
 * Errors never trap. A failed session keeps the output that it wrote before. soroban_status returns the exit status of the tools
 * (2 for wrong usage, 3 for bad input data), and soroban_message the tools' message with the position, such as
 *   ledgers.xdr: the input ends inside a record, 100 of 4711 bytes are there (byte 4, record 1)
 * Only a host without free memory can make the module trap; the instance is unusable after that.
 *
 * A session
 *
 *   session = soroban_open(options, length)           0 on error: see soroban_message(0)
 *   repeat
 *     soroban_feed(session, bytes, length)            or soroban_end(session)
 *     repeat
 *       state = soroban_run(session)
 *       read soroban_output_length(session) bytes at soroban_output(session); then call soroban_clear(session)
 *     while state is SOROBAN_MORE
 *   until state is SOROBAN_ENDED or SOROBAN_FAILED
 *   soroban_close(session)
 */
#ifndef SOROBAN_H
#define SOROBAN_H

#include <stddef.h>
#include <stdint.h>

/* Allocates memory for bytes that the host passes to the module; returns 0 if there is none left. Release it with
   soroban_release. */
void *soroban_allocate(size_t length);
void soroban_release(void *memory);

/* The result of soroban_run. */
enum soroban_state {
  /* All input was read. Feed more, or end the input. */
  SOROBAN_WANTS_INPUT = 0,
  /* There is much output (256 KiB or more). Read it, clear it, and run again. */
  SOROBAN_MORE = 1,
  /* Everything was read and written. Further input is ignored. */
  SOROBAN_ENDED = 2,
  /* The input or the options are wrong: see soroban_status and soroban_message. The earlier output is valid. */
  SOROBAN_FAILED = 3
};

/*
 * Begins a session. Returns its number, or 0 if the options are wrong (see soroban_message(0)). Options are a JSON object; an
 * unknown member is an error.
 *
 *   mode        "invocations" (default), "events", "transactions" or "ledgers": writes one line for each
 *   style       "raw" (default): values as {"xdr":"…"}, as the tools write them; ledgers as base64
 *               "sep51", "native": decoded values, as with scval-json --style
 *               "proto": as with scval-json --style proto, invocations only
 *   network     pubnet (default), testnet, futurenet, local or a passphrase
 *   input       "auto" (default), "xdr" or "ndjson"
 *   name        the name of the input in messages; default "standard input", as in the tools
 *   maxRecord   the largest record in bytes; default 268435456 (256 MiB)
 *   ledgers     "5-9", or a list of such ranges (also 5-, -9 and 5): writes only these ledgers
 *   keepGoing   true: an unreadable record causes a warning, and the session continues with the next one (default: it fails)
 *   verify      true: recomputes the hashes of ledgers, and proves events and return values (ledger-split and invocation-extract
 *               --verify)
 *   soroban     true: writes only transactions with a Soroban operation (mode "transactions")
 *   tx          a list of hashes: writes only these transactions (mode "transactions")
 *   include, exclude   lists of parts of an invocation: events, diagnostics, calls, state, ttl, auth, resources, raw, metrics
 *   type        a list of kinds of invocation to write: call, create, upload
 *   footprintOps, omitUnchanged   true: as with these options of invocation-extract
 *   after       a TOID as a decimal string: writes only invocations after it
 *   request     a GetInvocationsRequest in protobuf-JSON, or a getEvents request: as with event-filter --request
 *   conditions  further conditions of event-filter, by the names of its options: {"contract": ["C…"], "topic": ["transfer"],
 *               "succeeded": true, "min-args": 1, "any": true, "invert-match": true}. The values of options that can be repeated
 *               are lists or single strings; files (@FILE) are not read
 *   specs       a list of {"contract": "C…" (optional), "data": base64}: contract interfaces (.wasm or SCSpecEntry), as with
 *               scval-json --spec; style sep51 or native, invocations and events only. [] adds only the names of asset contracts'
 *               events
 *   now         the time in Unix seconds, for "recent" and recentOnly, because the module has no clock
 *
 * The input formats are those of the tools, optionally compressed with zstd: LedgerCloseMeta, record-marked, concatenated or in
 * SEP-54 batches; lines of getLedgers, or a complete response, pretty-printed or not; LedgerTransaction records or lines;
 * getTransactions and getTransaction; and for events also getEvents. The first record determines the format.
 */
uint32_t soroban_open(const uint8_t *options, size_t length);

/* Copies bytes to the input. They can have any length and end anywhere. soroban_run reads them: run until it wants input before
   you feed more, so that memory stays bounded. A length of 0 means that the input pauses. The session then looks for complete
   records even if only the following bytes could show where a record ends (concatenated XDR). Doing this often takes time. */
void soroban_feed(uint32_t session, const uint8_t *bytes, size_t length);

/* Ends the input. */
void soroban_end(uint32_t session);

/* Reads and writes until there is much output or no input left. Returns a soroban_state. */
uint32_t soroban_run(uint32_t session);

/* Complete lines since soroban_clear, each with its line feed. For session 0: the result of soroban_decode, soroban_encode,
   soroban_types or soroban_version. */
const uint8_t *soroban_output(uint32_t session);
size_t soroban_output_length(uint32_t session);

/* Removes the output and the warnings. */
void soroban_clear(uint32_t session);

/* The error message of a failed session; for session 0, of soroban_open, soroban_decode or soroban_encode. */
const uint8_t *soroban_message(uint32_t session);
size_t soroban_message_length(uint32_t session);
/* 0 for no error, 2 for wrong usage, 3 for bad data. */
uint32_t soroban_status(uint32_t session);
/* The position of the error: the byte offset in the (decompressed) input, the number of the record from 1, the ledger. -1 if
   unknown. */
int64_t soroban_message_offset(uint32_t session);
int64_t soroban_message_record(uint32_t session);
int64_t soroban_message_ledger(uint32_t session);

/* Warnings since soroban_clear, one per line, as the tools write them to standard error; at most ten of each kind per session. */
const uint8_t *soroban_warnings(uint32_t session);
size_t soroban_warnings_length(uint32_t session);

/* The counters so far, as one JSON object: bytes_in, bytes_out, records_in, records_out, skipped, ledgers, first_ledger,
   last_ledger and closed_at (of the last ledger, in Unix seconds). The two ledgers and the time are null before the first ledger.
   Valid until the next call. */
const uint8_t *soroban_counters(uint32_t session);
size_t soroban_counters_length(uint32_t session);

/* Ends a session and releases its memory. Later calls with its number have no effect and return 0. */
void soroban_close(uint32_t session);

/*
 * Single values. These functions return 1 for a valid value; the result is in soroban_output(0), without a line feed. They return
 * 0 for an invalid value; see soroban_message(0).
 */
enum soroban_style { SOROBAN_SEP51 = 0, SOROBAN_NATIVE = 1 };
enum soroban_form { SOROBAN_BASE64 = 0, SOROBAN_XDR = 1 };

/* XDR to JSON. `type` is one of the names of soroban_types, such as SCVal or TransactionEnvelope, in any letter case. */
uint32_t soroban_decode(
  const uint8_t *type, size_t type_length, uint32_t style, uint32_t form, const uint8_t *value, size_t length);
/* SEP-51 JSON to XDR, in `form`. */
uint32_t soroban_encode(const uint8_t *type, size_t type_length, uint32_t form, const uint8_t *json, size_t length);

/* Writes the names of all types to soroban_output(0), one per line. */
void soroban_types(void);
/* Writes the version, such as 1.0.0, to soroban_output(0). */
void soroban_version(void);

/*
 * soroban-wasi.wasm reads ledgers from standard input, writes lines to standard output and messages to standard error, and has
 * the exit status of the tools.
 *
 *   wasmkit run soroban-wasi.wasm '{"style":"native"}' < ledgers.xdr.zst
 *
 * Its only argument, which is optional, is the JSON object of soroban_open.
 */

#endif
