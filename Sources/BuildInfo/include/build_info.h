#ifndef SOROBAN_PIPES_BUILD_INFO_H
#define SOROBAN_PIPES_BUILD_INFO_H

/// The commit that the executable was built from, as the environment variable SOROBAN_PIPES_COMMIT named it; empty if it was not
/// set.
const char *soroban_pipes_commit(void);

/// The number of the process's arguments including its name, from the C library; 0 if unknown. Swift reads the arguments from
/// /proc, which may not be mounted.
int soroban_pipes_argument_count(void);
/// One of the arguments; empty if there is no argument with this index.
const char *soroban_pipes_argument(int index);

/// The number of processors that this process may use, by its affinity.
int soroban_pipes_processors(void);

#endif
