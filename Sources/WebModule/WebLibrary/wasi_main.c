/* soroban-wasi.wasm: reads ledgers from standard input, and writes lines to standard output (see soroban.h). */
#include "../include/soroban.h"

#include <string.h>
#include <unistd.h>

/* The exit status of the tools if reading or writing fails. */
enum { SYSTEM_FAILURE = 4 };

static int write_all(int descriptor, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(descriptor, bytes, length);
    if (written <= 0) return -1;
    bytes += written;
    length -= (size_t)written;
  }
  return 0;
}

static void say(const char *text) { write_all(2, (const uint8_t *)text, strlen(text)); }

/* Writes lines, each after the name of the command. */
static void say_lines(const uint8_t *lines, size_t length) {
  while (length > 0) {
    const uint8_t *end = memchr(lines, '\n', length);
    size_t line = end == NULL ? length : (size_t)(end - lines);
    say("soroban: ");
    write_all(2, lines, line);
    say("\n");
    if (end == NULL) return;
    lines += line + 1;
    length -= line + 1;
  }
}

static int fail(uint32_t session) {
  say_lines(soroban_message(session), soroban_message_length(session));
  return (int)soroban_status(session);
}

/* Writes all output; returns the state, or -1 if writing fails. */
static int drain(uint32_t session) {
  for (;;) {
    uint32_t state = soroban_run(session);
    say_lines(soroban_warnings(session), soroban_warnings_length(session));
    if (write_all(1, soroban_output(session), soroban_output_length(session)) != 0) return -1;
    soroban_clear(session);
    if (state != SOROBAN_MORE) return (int)state;
  }
}

int main(int argc, char **argv) {
  static uint8_t buffer[128 << 10];
  const char *options = argc > 1 ? argv[1] : "{}";
  uint32_t session = soroban_open((const uint8_t *)options, strlen(options));
  if (session == 0) return fail(0);
  for (;;) {
    ssize_t length = read(0, buffer, sizeof buffer);
    if (length < 0) {
      say("soroban: standard input cannot be read\n");
      return SYSTEM_FAILURE;
    }
    if (length == 0) soroban_end(session);
    else soroban_feed(session, buffer, (size_t)length);
    switch (drain(session)) {
    case SOROBAN_WANTS_INPUT: break;
    case SOROBAN_ENDED: return 0;
    case SOROBAN_FAILED: return fail(session);
    default: say("soroban: standard output cannot be written\n"); return SYSTEM_FAILURE;
    }
  }
}
