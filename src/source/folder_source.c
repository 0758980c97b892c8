#include <stdlib.h>
#include <unistd.h>

#include "files_priv.h"

int imp_folder_source_create(const struct imp_context *context,
			     const struct imp_location *location,
			     const struct imp_source_ops *ops, struct imp_source **out,
			     struct imp_error *err)
{
	struct imp_folder_source *self;
	int folder;
	int rc = imp_folder_open(location->path, &folder, err);

	if (rc < 0)
		return rc;
	self = imp_xcalloc(1, sizeof(*self));
	self->source = (struct imp_source){.ops = ops, .context = context};
	self->location = location;
	self->folder = folder;
	*out = &self->source;
	return 0;
}

void imp_folder_source_destroy(struct imp_source *source)
{
	close(((struct imp_folder_source *)source)->folder);
	free(source);
}

int imp_folder_source_resolve(struct imp_source *source, imp_folder_finder *find,
			      const struct imp_platform_choice *choice,
			      struct imp_arena *arena, struct imp_warnings *warnings,
			      struct imp_resolution *out, struct imp_error *err)
{
	struct imp_folder_source *self = (struct imp_folder_source *)source;
	struct imp_resolution resolution = {0};
	struct imp_selection selection = {
		.context = source->context,
		.choice = choice,
		.arena = arena,
		.warnings = warnings,
		.reference = self->location->text,
	};

	if (find(self, &selection, &resolution, err) < 0)
		return imp_wrap(err, "%s", self->location->text);
	*out = resolution;
	return 0;
}

int imp_folder_source_stream(const struct imp_source *source, const char *name,
			     struct imp_stream **out, struct imp_error *err)
{
	const struct imp_folder_source *self = (const struct imp_folder_source *)source;

	if (imp_folder_stream(self->folder, name, out, err) < 0)
		return imp_wrap(err, "%s", self->location->text);
	return 0;
}
