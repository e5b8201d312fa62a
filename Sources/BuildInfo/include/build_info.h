#ifndef SOROBAN_PIPES_BUILD_INFO_H
#define SOROBAN_PIPES_BUILD_INFO_H

/// The commit that this was built from, as the environment variable SOROBAN_PIPES_COMMIT named it; empty if it did not.
const char *soroban_pipes_commit(void);

/// How many arguments the process was started with, its name among them, as the C library tells; 0 where that is not known.
/// Swift reads them from /proc, which need not be mounted.
int soroban_pipes_argument_count(void);
/// One of them; empty if there is no such one.
const char *soroban_pipes_argument(int index);

#endif
