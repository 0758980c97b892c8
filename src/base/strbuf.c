#include "imgprof/strbuf.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imgprof/arena.h"

/* Room for EXTRA bytes and the NUL behind them. */
static void grow(struct imp_strbuf *buf, size_t extra)
{
	size_t need;
	if (__builtin_add_overflow(buf->len, extra, &need) ||
	    __builtin_add_overflow(need, (size_t)1, &need))
		imp_die_of_memory(SIZE_MAX);
	if (need > buf->capacity)
		buf->data = imp_xgrow(buf->data, &buf->capacity, need, 1);
	buf->data[buf->len] = '\0';
}

void imp_strbuf_finish(struct imp_strbuf *buf)
{
	if (!buf)
		return;
	free(buf->data);
	*buf = (struct imp_strbuf){0};
}

void imp_strbuf_reset(struct imp_strbuf *buf)
{
	imp_strbuf_truncate(buf, 0);
}

void imp_strbuf_truncate(struct imp_strbuf *buf, size_t len)
{
	assert(len <= buf->len);
	buf->len = len;
	if (buf->data)
		buf->data[len] = '\0';
}

char *imp_strbuf_reserve(struct imp_strbuf *buf, size_t extra)
{
	grow(buf, extra);
	/* So that the NUL is there however many of the bytes the caller then uses. */
	memset(buf->data + buf->len, 0, extra + 1);
	return buf->data + buf->len;
}

void imp_strbuf_add(struct imp_strbuf *buf, const void *data, size_t len)
{
	grow(buf, len);
	if (len == 0)
		return;
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void imp_strbuf_add_char(struct imp_strbuf *buf, char c)
{
	imp_strbuf_add(buf, &c, 1);
}

void imp_strbuf_add_text(struct imp_strbuf *buf, const char *text)
{
	imp_strbuf_add(buf, text, strlen(text));
}

void imp_strbuf_add_slice(struct imp_strbuf *buf, struct imp_slice slice)
{
	imp_strbuf_add(buf, slice.data, slice.len);
}

void imp_strbuf_printf(struct imp_strbuf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	imp_strbuf_vprintf(buf, format, args);
	va_end(args);
}

void imp_strbuf_vprintf(struct imp_strbuf *buf, const char *format, va_list args)
{
	grow(buf, 0);
	va_list again;
	va_copy(again, args);
	size_t room = buf->capacity - buf->len;
	int len = vsnprintf(buf->data + buf->len, room, format, args);
	assert(len >= 0);
	if ((size_t)len >= room) {
		grow(buf, (size_t)len);
		vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
	}
	va_end(again);
	buf->len += (size_t)len;
}

char *imp_strbuf_steal(struct imp_strbuf *buf)
{
	grow(buf, 0);
	char *text = buf->data;
	*buf = (struct imp_strbuf){0};
	return text;
}
