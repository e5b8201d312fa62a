/* What the core takes of the C library where there is no Glibc or Musl module: wasi-libc's. */
#ifndef WEB_LIBRARY_H
#define WEB_LIBRARY_H

#include <locale.h>
#include <regex.h>
#include <stdlib.h>

#endif
