/* dpkg's and apt's files from any bytes, with 0x1e between them. */
#include "fuzz_package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {
		"var/lib/dpkg/status",
		"var/lib/dpkg/info/a.list",
		"var/lib/dpkg/diversions",
		"var/lib/apt/extended_states",
		"etc/apt/apt.conf",
		"var/lib/dpkg/status.d/c",
		"var/lib/dpkg/status.d/c.md5sums",
	};
	imp_auto(imp_strbuf_finish) struct imp_strbuf layer = {0};
	struct imp_slice rest = imp_slice((const char *)data, size);

	imp_strbuf_add_text(&layer, "layer\n");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		fuzz_add_file(&layer, paths[i], imp_slice_cut(&rest, '\x1e'));
	fuzz_packages(&layer, imp_dpkg_read);
	return 0;
}
