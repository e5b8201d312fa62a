#include "build_info.h"

#ifndef SOROBAN_PIPES_COMMIT
#define SOROBAN_PIPES_COMMIT ""
#endif

const char *soroban_pipes_commit(void) { return SOROBAN_PIPES_COMMIT; }
