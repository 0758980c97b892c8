#include "imgprof/arena.h"

#include <sanitizer/asan_interface.h> /* its macros do nothing in other builds */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string.h>
#include <unistd.h>

#include "imgprof/error.h"
#include "imgprof/strbuf.h"

#define ALIGNMENT _Alignof(max_align_t)
#define FIRST_BLOCK_BYTES ((size_t)8 << 10)
#define LARGEST_BLOCK_BYTES ((size_t)1 << 20)

/* A poisoned gap behind each allocation lets the address sanitizer see an overrun. */
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define GAP_BYTES ALIGNMENT
#else
#define GAP_BYTES ((size_t)0)
#endif

struct block {
	struct block *next;
	_Alignas(max_align_t) char data[];
};

struct imp_arena {
	struct block *blocks; /* the first one is being filled */
	char *free;
	size_t free_bytes;
	size_t next_block_bytes;
	size_t used_bytes;
};

struct imp_arena *imp_arena_create(void)
{
	struct imp_arena *arena = imp_xcalloc(1, sizeof(*arena));
	arena->next_block_bytes = FIRST_BLOCK_BYTES;
	return arena;
}

void imp_arena_destroy(struct imp_arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

static struct block *new_block(size_t data_bytes)
{
	size_t size;
	if (__builtin_add_overflow(data_bytes, sizeof(struct block), &size))
		imp_die_of_memory(SIZE_MAX);
	struct block *block = imp_xcalloc(1, size);
	ASAN_POISON_MEMORY_REGION(block->data, data_bytes);
	return block;
}

/* A block of its own, behind the one that is being filled. */
static char *alloc_large(struct imp_arena *arena, size_t size)
{
	struct block *block = new_block(size);
	struct block **at = arena->blocks ? &arena->blocks->next : &arena->blocks;
	block->next = *at;
	*at = block;
	return block->data;
}

static char *alloc_small(struct imp_arena *arena, size_t size)
{
	if (size > arena->free_bytes) {
		struct block *block = new_block(arena->next_block_bytes);
		block->next = arena->blocks;
		arena->blocks = block;
		arena->free = block->data;
		arena->free_bytes = arena->next_block_bytes;
		if (arena->next_block_bytes < LARGEST_BLOCK_BYTES)
			arena->next_block_bytes *= 2;
	}
	char *memory = arena->free;
	arena->free += size;
	arena->free_bytes -= size;
	return memory;
}

void *imp_arena_alloc(struct imp_arena *arena, size_t size)
{
	size_t spent;
	if (__builtin_add_overflow(size ? size : 1, ALIGNMENT - 1 + GAP_BYTES, &spent))
		imp_die_of_memory(size);
	spent &= ~(ALIGNMENT - 1);
	arena->used_bytes += spent - GAP_BYTES;

	char *memory = spent > arena->next_block_bytes / 4 ? alloc_large(arena, spent)
							   : alloc_small(arena, spent);
	ASAN_UNPOISON_MEMORY_REGION(memory, size);
	return memory;
}

void *imp_arena_array(struct imp_arena *arena, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		imp_die_of_memory(SIZE_MAX);
	return imp_arena_alloc(arena, bytes);
}

struct imp_slice imp_arena_copy(struct imp_arena *arena, struct imp_slice slice)
{
	if (slice.len == SIZE_MAX)
		imp_die_of_memory(SIZE_MAX);
	char *copy = imp_arena_alloc(arena, slice.len + 1);
	if (slice.len)
		memcpy(copy, slice.data, slice.len);
	return imp_slice(copy, slice.len);
}

char *imp_arena_text(struct imp_arena *arena, const char *text)
{
	if (!text)
		return NULL;
	size_t size = strlen(text) + 1;
	return memcpy(imp_arena_alloc(arena, size), text, size);
}

char *imp_arena_printf(struct imp_arena *arena, const char *format, ...)
{
	struct imp_strbuf buf = {0};
	va_list args;
	va_start(args, format);
	imp_strbuf_vprintf(&buf, format, args);
	va_end(args);
	char *text = imp_arena_text(arena, buf.data);
	imp_strbuf_finish(&buf);
	return text;
}

size_t imp_arena_used(const struct imp_arena *arena)
{
	return arena->used_bytes;
}

void *imp_xmalloc(size_t size)
{
	void *memory = malloc(size ? size : 1);
	if (!memory)
		imp_die_of_memory(size);
	return memory;
}

void *imp_xcalloc(size_t count, size_t size)
{
	void *memory = count && size ? calloc(count, size) : calloc(1, 1);
	if (!memory)
		imp_die_of_memory(count > SIZE_MAX / (size ? size : 1) ? SIZE_MAX
								       : count * size);
	return memory;
}

void *imp_xrealloc(void *memory, size_t size)
{
	void *moved = realloc(memory, size ? size : 1);
	if (!moved)
		imp_die_of_memory(size);
	return moved;
}

void *imp_xgrow(void *memory, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return memory;
	size_t wanted = *capacity ? *capacity : 16;
	while (wanted < need)
		if (__builtin_mul_overflow(wanted, (size_t)2, &wanted))
			imp_die_of_memory(SIZE_MAX);
	size_t bytes;
	if (__builtin_mul_overflow(wanted, size, &bytes))
		imp_die_of_memory(SIZE_MAX);
	memory = imp_xrealloc(memory, bytes);
	*capacity = wanted;
	return memory;
}

char *imp_xstrdup(const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(imp_xmalloc(size), text, size);
}

_Noreturn void imp_die_of_memory(size_t wanted)
{
	/* Not exit(3): what stdio has buffered is half a report. */
	dprintf(STDERR_FILENO, "imgprof: out of memory: %zu bytes wanted\n", wanted);
	_exit(imp_exit_status(IMP_E_SYSTEM));
}

void imp_memory_start(void)
{
#ifdef __GLIBC__
	/* Its default; without being told it raises it to 32 MiB by what is freed. */
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
#endif
}

void imp_memory_trim(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
