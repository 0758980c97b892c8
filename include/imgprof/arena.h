/*
 * Arenas: memory that is dropped at once. One per image holds its documents, its tree and
 * its findings. Nothing from an arena is freed by itself. Not thread-safe: a worker has
 * an arena of its own.
 *
 * Out of memory ends the program with one line and status 6 (imp_die_of_memory): an
 * allocation here is small or bounded by a limit checked before.
 */
#pragma once

#include <stddef.h>

#include "imgprof/cleanup.h"
#include "imgprof/slice.h"

struct imp_arena; /* opaque */

struct imp_arena *imp_arena_create(void);
void imp_arena_destroy(struct imp_arena *arena); /* NULL allowed */
IMP_DEFINE_DESTROY(imp_arena);
/* Zeroed, aligned for any type. SIZE 0 gives a valid pointer. */
void *imp_arena_alloc(struct imp_arena *arena, size_t size);
/* COUNT * SIZE bytes; overflow ends the program. */
void *imp_arena_array(struct imp_arena *arena, size_t count, size_t size);
/* Copies with a terminating NUL behind. */
struct imp_slice imp_arena_copy(struct imp_arena *arena, struct imp_slice slice);
char *imp_arena_text(struct imp_arena *arena, const char *text); /* NULL gives NULL */
char *imp_arena_printf(struct imp_arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Bytes handed out so far. */
size_t imp_arena_used(const struct imp_arena *arena);

/* malloc family that ends the program when there is no memory. Sizes are bounded by the
 * caller; imp_xgrow doubles CAPACITY (of elements of SIZE bytes) until it holds NEED. */
void *imp_xmalloc(size_t size);
void *imp_xcalloc(size_t count, size_t size);
void *imp_xrealloc(void *memory, size_t size);
void *imp_xgrow(void *memory, size_t *capacity, size_t need, size_t size);
char *imp_xstrdup(const char *text);
/* Once, before threads: large blocks are mapped each by itself, always, so that they go back
 * to the system when they are freed. Does nothing where the C library has no such switch. */
void imp_memory_start(void);
/* Gives freed memory back to the system, where the C library keeps it: between phases that
 * need much. */
void imp_memory_trim(void);
_Noreturn void imp_die_of_memory(size_t wanted);
