// ZSTD_decompressBound stands among the functions for static linking, and is exported by every libzstd since 1.4.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>
