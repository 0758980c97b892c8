#include "base.h"

#include <stdio.h>

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"
#include "imgprof/source.h"

/* "docker://NAME@DIGEST": what a record names is in a registry, whatever it looks like. */
static int parse_name(const struct imp_base_image *base, struct imp_arena *arena,
		      struct imp_location *out, struct imp_error *err)
{
	char digest[IMP_DIGEST_TEXT];
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_text(&text, "docker://");
	imp_strbuf_add_slice(&text, base->name);
	if (base->digest.algorithm != IMP_DIGEST_NONE)
		imp_strbuf_printf(&text, "@%s", imp_digest_text(&base->digest, digest));
	if (memchr(text.data, '\0', text.len))
		return imp_fail(err, IMP_E_FORMAT, "no name of an image");
	return imp_location_parse(imp_arena_text(arena, text.data), NULL, arena, out,
				  err);
}

/* Whether all layers of BASE are the lowest ones of IMAGE (formats.md 9.3). */
static bool is_prefix(const struct imp_config *base, const struct imp_config *image)
{
	if (base->diff_id_count > image->diff_id_count)
		return false;
	for (size_t i = 0; i < base->diff_id_count; i++)
		if (!imp_digest_equal(&base->diff_ids[i], &image->diff_ids[i]))
			return false;
	return true;
}

int imp_resolve_base_at(const struct imp_session_options *options,
			const struct imp_image *image,
			const struct imp_location *location, struct imp_base_image *base,
			struct imp_error *err)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	imp_auto_destroy(imp_source) struct imp_source *source = NULL;
	imp_auto_destroy(imp_warnings) struct imp_warnings *ignored =
		imp_warnings_create();
	struct imp_platform_choice choice = {.platform = image->platform};
	struct imp_resolution found = {0};
	int rc = imp_source_open(options->context, location, &options->source, &source,
				 err);

	if (rc == 0 && imp_source_is_one_pass(source)) {
		imp_fail(err, IMP_E_USAGE, "can be read only once");
		return imp_hint(err, "save the base image to a file that is not packed");
	}
	if (rc == 0)
		rc = imp_source_resolve(source, &choice, NULL, arena, ignored, &found,
					err);
	if (rc != 0)
		return rc;
	base->digest = found.images[0].digest;
	if (is_prefix(&found.images[0].config, &image->config))
		base->layer_count = found.images[0].layer_count;
	return 0;
}

int imp_resolve_base(const struct imp_session_options *options,
		     const struct imp_image *image, struct imp_base_image *base,
		     struct imp_error *err)
{
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();
	struct imp_base_image found = *base;
	struct imp_location location;
	int rc = parse_name(base, arena, &location, err);

	if (rc == 0)
		rc = imp_resolve_base_at(options, image, &location, &found, err);
	if (rc == 0)
		base->layer_count = found.layer_count;
	return rc;
}
