// ZSTD_decompressBound is declared for static linking only, but every libzstd since 1.4 exports it.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>
#include <zstd_errors.h>
