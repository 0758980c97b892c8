/* Any bytes as rpm's database of the form Berkeley DB. */
#include "fuzz_package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_records("var/lib/rpm/Packages", data, size, imp_rpm_read);
	return 0;
}
