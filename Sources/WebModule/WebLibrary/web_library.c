/* Replacements for functions that wasi-libc imports from the host, so that the module imports nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* There is no host function that could report where a program failed. */
_Noreturn void __assert_fail(const char *expression, const char *file, int line, const char *function) {
  (void)expression, (void)file, (void)line, (void)function;
  __builtin_trap();
}

/* The seed of hash tables. It can be constant, because the output does not depend on it. */
void arc4random_buf(void *memory, size_t length) {
  unsigned char *bytes = memory;
  for (size_t index = 0; index < length; index++) bytes[index] = (unsigned char)(index * 37 + 11);
}

/* There is no environment. */
char *getenv(const char *name) {
  (void)name;
  return NULL;
}

/* Only regerror(3) calls it, with "%s". */
int snprintf(char *restrict buffer, size_t size, const char *restrict format, ...) {
  (void)format;
  va_list arguments;
  va_start(arguments, format);
  const char *text = va_arg(arguments, const char *);
  va_end(arguments);
  size_t length = 0;
  while (text[length] != 0) {
    if (length + 1 < size) buffer[length] = text[length];
    length++;
  }
  if (size > 0) buffer[length < size ? length : size - 1] = 0;
  return (int)length;
}

/*
 * Strings are compared without Unicode normalisation, whose tables would be a large part of the module. The program only compares
 * names that it knows.
 */
const uint8_t *const _swift_stdlib_nfd_decompositions = NULL;

uint16_t _swift_stdlib_getNormData(uint32_t scalar) {
  (void)scalar;
  return 0;
}

uint32_t _swift_stdlib_getDecompositionEntry(uint32_t scalar) {
  (void)scalar;
  return 0;
}

uint32_t _swift_stdlib_getComposition(uint32_t first, uint32_t second) {
  (void)first, (void)second;
  return UINT32_MAX;
}
