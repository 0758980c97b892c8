/* Any bytes as one header of rpm, in a database of the form ndb. */
#include "fuzz_package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0};
	uint32_t len = (uint32_t)size;

	imp_strbuf_add(&file, "RpmP\0\0\0\0\0\0\0\0\1\0\0\0", 16);
	imp_strbuf_add(&file, "\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	imp_strbuf_add(&file, "Slot\1\0\0\0\0\1\0\0\0\0\0", 16);
	while (file.len < 4096)
		imp_strbuf_add_char(&file, '\0');
	imp_strbuf_add(&file, "BlbS\1\0\0\0\0\0\0", 12);
	for (int i = 0; i < 4; i++)
		imp_strbuf_add_char(&file, (char)(len >> 8 * i));
	imp_strbuf_add(&file, data, size);
	fuzz_records("var/lib/rpm/Packages.db", (const uint8_t *)file.data, file.len,
		     imp_rpm_read);
	return 0;
}
