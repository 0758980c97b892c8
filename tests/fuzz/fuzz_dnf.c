/* Any bytes as dnf5's packages.toml, beside a database of rpm with the packages a and b. */
#include "fuzz_package.h"

#include "rpm_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layer = {0}, file = {0}, a = {0},
						      b = {0};

	rpm_writer_header(&a, "N a\nV 1\nA x\nq b\n");
	rpm_writer_header(&b, "N b\nV 1\nA x\n");
	struct imp_slice blobs[] = {imp_strbuf_slice(&a), imp_strbuf_slice(&b)};
	rpm_writer_ndb(&file, blobs, 2);
	imp_strbuf_add_text(&layer, "layer\n");
	fuzz_add_file(&layer, "var/lib/rpm/Packages.db", imp_strbuf_slice(&file));
	fuzz_add_file(&layer, "usr/lib/sysimage/libdnf5/packages.toml",
		      imp_slice((const char *)data, size));
	fuzz_packages(&layer, imp_rpm_read);
	return 0;
}
