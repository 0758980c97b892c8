/*
 * zstd frames from any bytes. What does not begin like a frame is given a header with a
 * window, so that the fuzzer may work on blocks, too.
 */
#include <stdint.h>

#include "imgprof/strbuf.h"

#include "fuzz_decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum imp_compression compression = IMP_COMPRESSION_NONE;
	struct imp_slice head = {(const char *)data, size};
	imp_auto(imp_strbuf_finish) struct imp_strbuf blob = {0};
	if (size < 4 || imp_compression_sniff(head, &compression, NULL) < 0 ||
	    compression != IMP_COMPRESSION_ZSTD)
		imp_strbuf_add(&blob, "\x28\xb5\x2f\xfd\x00\x38", 6);
	imp_strbuf_add(&blob, data, size);
	fuzz_decode_twice(imp_strbuf_slice(&blob));
	return 0;
}
