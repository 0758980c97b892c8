/* apk's database and its world from any bytes, with 0x1e between them. */
#include "fuzz_package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layer = {0};
	struct imp_slice world = imp_slice((const char *)data, size);
	struct imp_slice installed = imp_slice_cut(&world, '\x1e');

	imp_strbuf_add_text(&layer, "layer\n");
	fuzz_add_file(&layer, "lib/apk/db/installed", installed);
	fuzz_add_file(&layer, "etc/apk/world", world);
	fuzz_packages(&layer, imp_apk_read);
	return 0;
}
