/*
 * gzip members from any bytes. What does not begin like gzip is given a header, so that
 * the fuzzer may work on deflate data, too.
 */
#include <stdint.h>

#include "imgprof/strbuf.h"

#include "fuzz_decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	if (size < 2 || data[0] != 0x1f || data[1] != 0x8b)
		imp_strbuf_add(&blob, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
	imp_strbuf_add(&blob, data, size);
	fuzz_decode_twice(imp_strbuf_slice(&blob));
	return 0;
}
