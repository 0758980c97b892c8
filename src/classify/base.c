/* Which layers are the base image's. Nothing records it: the caller may know, else the history
 * tells where one build ended and the next began. */
#include "describe_priv.h"

static bool has_word(struct imp_slice text, const char *word)
{
	struct imp_slice w = imp_slice_of(word);

	for (size_t i = 0; i + w.len <= text.len && i < 64; i++)
		if (memcmp(text.data + i, w.data, w.len) == 0)
			return true;
	return false;
}

/* A build of an image most often ends with what it starts. */
static bool ends_build(const struct imp_history *entry)
{
	struct imp_slice text = entry->created_by;

	return entry->empty_layer &&
	       (imp_slice_starts(text, IMP_SLICE("CMD ")) ||
		imp_slice_starts(text, IMP_SLICE("ENTRYPOINT ")) ||
		has_word(text, "#(nop)  CMD") || has_word(text, "#(nop) CMD") ||
		has_word(text, "#(nop)  ENTRYPOINT") ||
		has_word(text, "#(nop) ENTRYPOINT"));
}

/* An operating system comes as one archive, unpacked at the root. */
static bool is_root_archive(struct imp_slice text)
{
	bool added = imp_slice_starts(text, IMP_SLICE("ADD ")) ||
		     has_word(text, "#(nop) ADD") || has_word(text, "debian.sh") ||
		     has_word(text, "debuerreotype");

	return added || imp_slice_starts(text, IMP_SLICE("bazel build")) ||
	       has_word(text, "apko");
}

/* The layers up to the last end of a build that something was put on. */
static size_t find_end(const struct imp_config *config, size_t layer_count)
{
	size_t layers = 0, end = 0;

	for (size_t i = 0; i < config->history_count; i++) {
		layers += !config->history[i].empty_layer;
		if (ends_build(&config->history[i]) && layers < layer_count)
			end = layers;
	}
	return end;
}

size_t imp_base_layers(const struct imp_image *image, size_t given)
{
	const struct imp_config *config = &image->config;
	size_t end = given > 0 ? given : find_end(config, image->layer_count);

	if (end > 0)
		return end;
	bool archive = config->history_count > 0 && image->layer_count > 1 &&
		       is_root_archive(config->history[0].created_by);
	return archive ? 1 : 0;
}
