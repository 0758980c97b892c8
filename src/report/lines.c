#include "lines.h"

static const struct imp_dockerfile *real_file(const struct imp_analysis *image)
{
	const struct imp_dockerfile *file = image->dockerfile;

	return file && file->origin != IMP_DOCKERFILE_HISTORY ? file : NULL;
}

uint32_t imp_report_line(const struct imp_analysis *image, size_t layer)
{
	const struct imp_dockerfile *file = real_file(image);

	return file && layer < file->layer_count &&
			       file->layers[layer].place == IMP_LAYER_LINE
		       ? file->layers[layer].line
		       : 0;
}

uint32_t imp_report_finding_line(const struct imp_analysis *image,
				 const struct imp_finding *finding)
{
	size_t number = (size_t)(finding - image->findings->list);

	return imp_report_line(image, image->main_layers[number]);
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
