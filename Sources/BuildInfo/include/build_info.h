#ifndef SOROBAN_PIPES_BUILD_INFO_H
#define SOROBAN_PIPES_BUILD_INFO_H

/// The commit that this was built from, as the environment variable SOROBAN_PIPES_COMMIT named it; empty if it did not.
const char *soroban_pipes_commit(void);

#endif
