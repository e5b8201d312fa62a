#define _GNU_SOURCE
#include "build_info.h"

#ifdef __linux__
#include <sched.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef SOROBAN_PIPES_COMMIT
#define SOROBAN_PIPES_COMMIT ""
#endif

const char *soroban_pipes_commit(void) { return SOROBAN_PIPES_COMMIT; }

#ifdef __GLIBC__
static int count = 0;
static char **values = 0;

// glibc passes the arguments to constructors. This constructor runs before those of the Swift runtime: in a static executable
// they end the process if /proc does not show the executable's path, unless SWIFT_ROOT is set.
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

int soroban_pipes_processors(void) {
#ifdef __linux__
  // A bit for each of 8192 processors. The system refuses a set that is smaller than its own.
  cpu_set_t set[8];
  memset(set, 0, sizeof set);
  if (sched_getaffinity(0, sizeof set, set) == 0) return CPU_COUNT_S(sizeof set, set);
#endif
  return (int)sysconf(_SC_NPROCESSORS_ONLN);
}
