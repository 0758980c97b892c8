/*
 * A growing byte string. Zero-initialised is valid and empty. `data` is NUL-terminated
 * whenever it is not NULL, but may hold NULs inside. Out of memory ends the program: what
 * input can make large is bounded by a limit before it gets here.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "imgprof/slice.h"

struct imp_strbuf {
	char *data; /* valid until the next call that adds */
	size_t len;
	size_t capacity;
};

void imp_strbuf_finish(struct imp_strbuf *buf); /* frees; NULL allowed */
void imp_strbuf_reset(struct imp_strbuf *buf);  /* empties, keeps the memory */
void imp_strbuf_truncate(struct imp_strbuf *buf, size_t len);
/* Makes room for EXTRA bytes behind len and returns where to write them. */
char *imp_strbuf_reserve(struct imp_strbuf *buf, size_t extra);
void imp_strbuf_add(struct imp_strbuf *buf, const void *data, size_t len);
void imp_strbuf_add_char(struct imp_strbuf *buf, char c);
void imp_strbuf_add_text(struct imp_strbuf *buf, const char *text);
void imp_strbuf_add_slice(struct imp_strbuf *buf, struct imp_slice slice);
void imp_strbuf_printf(struct imp_strbuf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void imp_strbuf_vprintf(struct imp_strbuf *buf, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
/* Hands the string to the caller (free with free()); never NULL; BUF is empty then. */
char *imp_strbuf_steal(struct imp_strbuf *buf);

static inline struct imp_slice imp_strbuf_slice(const struct imp_strbuf *buf)
{
	return (struct imp_slice){buf->data ? buf->data : "", buf->len};
}
