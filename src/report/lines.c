#include "lines.h"

static const struct imp_dockerfile *real_file(const struct imp_analysis *image)
{
	const struct imp_dockerfile *file = image->dockerfile;

	return file && file->origin != IMP_DOCKERFILE_HISTORY ? file : NULL;
}

struct imp_slice imp_report_dockerfile_name(const struct imp_analysis *image)
{
	const struct imp_dockerfile *file = real_file(image);

	if (!file)
		return IMP_SLICE("");
	return file->filename.len > 0 ? file->filename : IMP_SLICE("Dockerfile");
}

void imp_report_add_line(const struct imp_analysis *image, uint32_t line, bool brief,
			 struct imp_strbuf *out)
{
	struct imp_slice name = imp_report_dockerfile_name(image);

	if (line == 0)
		return;
	imp_strbuf_add_slice(out, brief ? imp_slice_basename(name) : name);
	imp_strbuf_printf(out, ":%u", line);
}

void imp_report_add_instruction(const struct imp_analysis *image, size_t layer,
				struct imp_strbuf *out)
{
	uint32_t line = imp_analysis_line(image, layer);

	imp_report_add_line(image, line, true, out);
	imp_strbuf_add_text(out, line ? " " : "");
	imp_strbuf_add_slice(out, image->layers[layer].instruction);
}

void imp_report_add_fix(const struct imp_analysis *image,
			const struct imp_finding *finding, struct imp_strbuf *out)
{
	uint32_t line = imp_analysis_finding_line(image, finding);

	imp_report_add_line(image, line, false, out);
	imp_strbuf_add_text(out, line ? ": " : "");
	imp_strbuf_add_slice(out, imp_slice_of(finding->fix_text));
}
