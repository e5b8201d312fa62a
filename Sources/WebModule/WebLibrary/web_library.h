/* The headers of wasi-libc that the core needs, for platforms without a Glibc or Musl module. */
#ifndef WEB_LIBRARY_H
#define WEB_LIBRARY_H

#include <locale.h>
#include <regex.h>
#include <stdlib.h>

#endif
