#include "build_info.h"

#include <stdlib.h>
#include <unistd.h>

#ifndef SOROBAN_PIPES_COMMIT
#define SOROBAN_PIPES_COMMIT ""
#endif

const char *soroban_pipes_commit(void) { return SOROBAN_PIPES_COMMIT; }

#ifdef __GLIBC__
static int count = 0;
static char **values = 0;

// The C library hands them to constructors. This one comes before those of the Swift runtime, which in a static executable ends the process
// where it cannot tell by /proc where the executable is, unless this variable is set.
__attribute__((constructor(101))) static void keep_arguments(int argc, char **argv) {
  count = argc;
  values = argv;
  if (access("/proc/self/exe", F_OK)) setenv("SWIFT_ROOT", "/", 0);
}

int soroban_pipes_argument_count(void) { return count; }
const char *soroban_pipes_argument(int index) { return index >= 0 && index < count ? values[index] : ""; }
#else
int soroban_pipes_argument_count(void) { return 0; }
const char *soroban_pipes_argument(int index) {
  (void)index;
  return "";
}
#endif
