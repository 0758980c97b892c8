#include "findings_rows.h"

#include <stdio.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/hash.h"
#include "lines.h"
#include "writer_priv.h"

const char *imp_finding_fingerprint(const struct imp_finding *finding,
				    char out[static IMP_FINGERPRINT_TEXT])
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	struct imp_digest digest;

	imp_strbuf_add_text(&key, finding->rule);
	imp_strbuf_add_char(&key, '\0');
	imp_strbuf_add_slice(&key, imp_slice_trim(finding->subject, "/"));
	imp_digest_of(IMP_DIGEST_SHA256, imp_strbuf_slice(&key), &digest);
	for (size_t i = 0; i < (IMP_FINGERPRINT_TEXT - 1) / 2; i++)
		snprintf(out + 2 * i, 3, "%02x", (unsigned)digest.bytes[i]);
	return out;
}

void imp_finding_message(const struct imp_analysis *image,
			 const struct imp_finding *finding,
			 const struct imp_report_options *options, bool several,
			 struct imp_strbuf *out)
{
	char disk[IMP_SIZE_TEXT], pull[IMP_SIZE_TEXT];

	if (several) {
		imp_escape_terminal(out, imp_slice_of(image->image->reference));
		imp_strbuf_add_text(out, ": ");
	}
	imp_strbuf_add_slice(out, imp_report_headline(finding));
	imp_strbuf_printf(out, " (%s on disk, %s to pull, %s).",
			  imp_size_text(finding->sum.disk_bytes, options->units, disk),
			  imp_size_text(finding->sum.pull_bytes, options->units, pull),
			  imp_confidence_name(finding->confidence));
	if (finding->fix_text && finding->fix_text[0])
		imp_strbuf_printf(out, " Fix: %s", finding->fix_text);
}

uint32_t imp_finding_place(const struct imp_analysis *image,
			   const struct imp_finding *finding, struct imp_strbuf *uri)
{
	uint32_t line = imp_analysis_finding_line(image, finding);
	struct imp_slice name = imp_report_dockerfile_name(image);

	if (name.len == 0)
		name = IMP_SLICE("Dockerfile");
	imp_escape_uri_path(uri, imp_slice_trim(name, "/"));
	return line ? line : 1;
}
