/*
 * Inside src/source: documents by file name, in an archive or a folder, and the image
 * layout of OCI on top of them.
 */
#pragma once

#include <jansson.h>

#include "source_priv.h"

struct imp_files {
	/* Appends the file NAME ('/' between components, never from outside as it stands) to
	 * BODY. IMP_E_NOT_FOUND, IMP_E_LIMIT above LIMIT. */
	int (*read)(void *user, const char *name, uint64_t limit, struct imp_strbuf *body,
		    struct imp_error *err);
	bool (*has)(void *user, const char *name);
	void *user;
};

#define IMP_BLOB_NAME (IMP_DIGEST_TEXT + 8)

/* "blobs/sha256/HEX". */
const char *imp_blob_name(const struct imp_digest *digest,
			  char out[static IMP_BLOB_NAME]);
/* The digest in such a name; false when it is no such name. */
bool imp_blob_name_parse(struct imp_slice name, struct imp_digest *out);

/* OCI layouts (layout_index.c; formats.md 7.4). */

/* Whether there are an oci-layout and an index.json. */
bool imp_layout_is_there(const struct imp_files *files);

/* One choice out of index.json: the documents to start from. */
struct imp_layout_root {
	struct imp_strbuf body; /* a manifest, or an index */
	const char *media_type;
	struct imp_digest digest;          /* NONE: the body was put together here */
	const struct imp_document *beside; /* the index that listed it */
	const struct imp_slice *names;     /* of its images (image.h), in the arena */
	size_t name_count;
};

void imp_layout_root_finish(struct imp_layout_root *root);
/* SELECTOR: a name, "@N" or NULL. IMP_E_NOT_FOUND lists what there is; 1 when the index
 * holds no image at all. HINT: how a selector is given, such as "oci:DIR:NAME". */
int imp_layout_choose(const struct imp_files *files,
		      const struct imp_selection *selection, const char *selector,
		      const char *hint, struct imp_layout_root *out,
		      struct imp_error *err);
/* The manifest whose config is CONFIG; 1 when the index holds none. */
int imp_layout_choose_config(const struct imp_files *files,
			     const struct imp_selection *selection,
			     const struct imp_digest *config, struct imp_layout_root *out,
			     struct imp_error *err);
int imp_layout_load(const struct imp_files *files, const struct imp_selection *selection,
		    const struct imp_layout_root *root, struct imp_image **images,
		    size_t *count, struct imp_error *err);

/* A folder whose files are opened one component at a time and never through a symlink
 * (folder.c). */

/* IMP_E_SYSTEM for the errno of a path that the user gave. */
int imp_source_fail_open(const char *path, struct imp_error *err);
int imp_folder_open(const char *path, int *out, struct imp_error *err);
/* A regular file below FOLDER; IMP_E_NOT_FOUND, or IMP_E_FORMAT for anything else. */
int imp_folder_open_file(int folder, const char *name, int *out, struct imp_error *err);
int imp_folder_read(int folder, const char *name, uint64_t limit, struct imp_strbuf *body,
		    struct imp_error *err);
bool imp_folder_has(int folder, const char *name);
/* The bytes of a file below FOLDER, which the stream opens and closes. */
int imp_folder_stream(int folder, const char *name, struct imp_stream **out,
		      struct imp_error *err);

/* A source that is one folder (folder_source.c): what layouts and dir: have in common. */
struct imp_folder_source {
	struct imp_source source;
	const struct imp_location *location;
	int folder;
};

/* OPS end with imp_folder_source_destroy. */
int imp_folder_source_create(const struct imp_context *context,
			     const struct imp_location *location,
			     const struct imp_source_ops *ops, struct imp_source **out,
			     struct imp_error *err);
void imp_folder_source_destroy(struct imp_source *source);
/* The selection is filled in but for where documents come from. */
typedef int imp_folder_finder(struct imp_folder_source *self,
			      struct imp_selection *selection,
			      struct imp_resolution *resolution, struct imp_error *err);
int imp_folder_source_resolve(struct imp_source *source, imp_folder_finder *find,
			      const struct imp_platform_choice *choice,
			      struct imp_arena *arena, struct imp_warnings *warnings,
			      struct imp_resolution *out, struct imp_error *err);
int imp_folder_source_stream(const struct imp_source *source, const char *name,
			     struct imp_stream **out, struct imp_error *err);
