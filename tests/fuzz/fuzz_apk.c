/* Any bytes as apk's database. */
#include "fuzz_package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_records("lib/apk/db/installed", data, size, imp_apk_read);
	return 0;
}
