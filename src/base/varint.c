#include "imgprof/varint.h"

void imp_varint_add(struct imp_strbuf *out, uint64_t value)
{
	char bytes[10];
	size_t n = 0;

	while (value >= 0x80) {
		bytes[n++] = (char)(value | 0x80);
		value >>= 7;
	}
	bytes[n++] = (char)value;
	imp_strbuf_add(out, bytes, n);
}
