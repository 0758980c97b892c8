#include "archive_priv.h"
#include "imgprof/json.h"

static int fail_missing(const struct imp_archive *archive, const char *name,
			struct imp_error *err)
{
	return imp_fail(err, IMP_E_NOT_FOUND,
			archive->cut ? "%s: not in the archive, which is cut short"
				     : "%s: not in the archive",
			name);
}

static int read_entry(const struct imp_archive *archive,
		      const struct imp_archive_entry *entry, const char *name,
		      uint64_t limit, struct imp_strbuf *body, struct imp_error *err)
{
	imp_auto_destroy(imp_stream) struct imp_stream *stream = NULL;

	switch (entry->kind) {
	case IMP_ENTRY_RANGE:
		stream = imp_stream_file(archive->fd, entry->offset_bytes,
					 entry->size_bytes);
		return imp_stream_read_all(stream, limit, name, body, err);
	case IMP_ENTRY_KEPT:
		if (entry->size_bytes <= limit)
			return imp_keep_read(&archive->keep, &entry->kept, body, err);
		return imp_fail(err, IMP_E_LIMIT, "%s: more than %llu bytes", name,
				(unsigned long long)limit);
	case IMP_ENTRY_TOO_LARGE:
		break;
	case IMP_ENTRY_SPARSE:
		return imp_fail(err, IMP_E_UNSUPPORTED, "%s: a sparse member", name);
	case IMP_ENTRY_USELESS:
	case IMP_ENTRY_OFFERED:
	case IMP_ENTRY_ALIAS:
		return imp_fail(err, IMP_E_FORMAT, "%s: expected a JSON document", name);
	}
	return imp_fail(
		err, IMP_E_LIMIT,
		"%s: resource limit archive-json-bytes: there was no room to keep it",
		name);
}

/* A name that stands there twice is read the same by everybody only if the content is. */
static int check_twins(const struct imp_archive *archive,
		       const struct imp_archive_entry *entry, const char *name,
		       uint64_t limit, const struct imp_strbuf *body,
		       struct imp_error *err)
{
	while (entry->older > 0) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf twin = {0};
		entry = &archive->table.entries[entry->older - 1];
		if (entry->kind == IMP_ENTRY_ALIAS)
			continue;
		int rc = read_entry(archive, entry, name, limit, &twin, err);
		if (rc < 0)
			return rc;
		if (!imp_slice_equal(imp_strbuf_slice(body), imp_strbuf_slice(&twin)))
			return imp_fail(err, IMP_E_FORMAT,
					"%s: twice in the archive, with other content",
					name);
	}
	return 0;
}

int imp_archive_read(const struct imp_archive *archive, const char *name, uint64_t limit,
		     struct imp_strbuf *body, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf found = {0};
	const struct imp_archive_entry *entry = NULL;
	struct imp_slice path;
	int rc;

	if (imp_archive_name(archive->table.arena, IMP_SLICE(""), imp_slice_of(name),
			     &path))
		entry = imp_archive_find(&archive->table, path,
					 archive->context->limits->symlink_hops);
	if (!entry)
		return fail_missing(archive, name, err);
	rc = read_entry(archive, entry, name, limit, &found, err);
	if (rc == 0)
		rc = check_twins(archive, entry, name, limit, &found, err);
	if (rc == 0)
		imp_strbuf_add_slice(body, imp_strbuf_slice(&found));
	return rc;
}

int imp_archive_entry_head(const struct imp_archive *archive,
			   const struct imp_archive_entry *entry, enum imp_head_kind *out,
			   struct imp_error *err)
{
	imp_auto_destroy(imp_stream) struct imp_stream *stream = NULL;
	struct imp_peek *peek;
	int rc;

	if (entry->kind != IMP_ENTRY_RANGE) {
		*out = entry->head;
		return 0;
	}
	stream = imp_stream_file(archive->fd, entry->offset_bytes,
				 entry->size_bytes < IMP_PEEK_BYTES ? entry->size_bytes
								    : IMP_PEEK_BYTES);
	rc = imp_peek_open(imp_steal(&stream), &peek, err);
	if (rc < 0)
		return rc;
	stream = imp_peek_stream(peek);
	*out = imp_head_kind(imp_peek_head(peek));
	return 0;
}

const struct imp_archive_entry *imp_archive_layer(const struct imp_archive *archive,
						  const struct imp_image *image,
						  size_t layer)
{
	const struct imp_image_layer *at = &image->layers[layer];
	uint32_t hops = archive->context->limits->symlink_hops;
	char name[IMP_BLOB_NAME];

	if (at->location)
		return imp_archive_find(&archive->table, imp_slice_of(at->location),
					hops);
	imp_blob_name(&at->blob.digest, name);
	return imp_archive_find(&archive->table, imp_slice_of(name), hops);
}

static bool has_name(const struct imp_archive *archive, const char *name)
{
	return imp_map_get(&archive->table.by_name, imp_slice_of(name), NULL);
}

/* A root file system has at least two of these folders. */
static bool is_root_file_system(const struct imp_archive *archive)
{
	static const char *const folders[] = {"bin", "etc", "lib", "usr", "var"};
	unsigned seen = 0;

	for (size_t i = 0; i < archive->table.count; i++) {
		struct imp_slice rest = archive->table.entries[i].name;
		struct imp_slice top = imp_slice_cut(&rest, '/');
		for (unsigned k = 0; k < sizeof(folders) / sizeof(folders[0]); k++)
			if (imp_slice_is(top, folders[k]))
				seen |= 1U << k;
	}
	return (seen & (seen - 1)) != 0;
}

/* The folder in which an image seems to lie, {NULL, 0} for none. */
static struct imp_slice image_folder(const struct imp_archive *archive)
{
	for (size_t i = 0; i < archive->table.count; i++) {
		struct imp_slice rest = archive->table.entries[i].name;
		struct imp_slice top = imp_slice_cut(&rest, '/');
		if (rest.data && (imp_slice_is(rest, "oci-layout") ||
				  imp_slice_is(rest, "manifest.json")))
			return top;
	}
	return imp_slice(NULL, 0);
}

int imp_archive_no_image(const struct imp_archive *archive, struct imp_error *err)
{
	struct imp_slice folder = image_folder(archive);

	if (is_root_file_system(archive)) {
		imp_fail(
			err, IMP_E_FORMAT,
			"no image: a root file system archive, without manifest or config");
		return imp_hint(err, "docker export and type=tar write such archives, "
				     "docker save writes images");
	}
	if (has_name(archive, "repositories")) {
		imp_fail(err, IMP_E_UNSUPPORTED,
			 "docker's format from before manifest.json");
		return imp_hint(err, "docker load it and docker save it again");
	}
	if (has_name(archive, "manifest.json")) {
		imp_fail(err, IMP_E_FORMAT,
			 "no image: manifest.json is not docker's list of images");
		return imp_hint(err, "the content of a dir: folder is read unpacked, "
				     "as dir:FOLDER");
	}
	if (folder.data) {
		imp_fail(err, IMP_E_FORMAT,
			 "no image at the top, perhaps one in the folder "
			 "%.*s",
			 (int)folder.len, folder.data);
		return imp_hint(err, "pack it from inside: tar -C %.*s -cf FILE .",
				(int)folder.len, folder.data);
	}
	return imp_fail(err, IMP_E_FORMAT,
			"no image: neither an OCI layout nor docker's manifest.json%s",
			archive->cut ? " in an archive that is cut short" : "");
}

/* Finding images: what each step needs. */
struct finding {
	struct imp_archive *archive;
	const struct imp_selection *selection;
	struct imp_files files;
	json_t *docker; /* manifest.json, NULL: none */
	bool layout;
	struct imp_image **images;
	size_t *count;
};

static int read_member(void *user, const char *name, uint64_t limit,
		       struct imp_strbuf *body, struct imp_error *err)
{
	return imp_archive_read(user, name, limit, body, err);
}

static bool has_member(void *user, const char *name)
{
	const struct imp_archive *archive = user;

	return imp_archive_find(&archive->table, imp_slice_of(name),
				archive->context->limits->symlink_hops);
}

struct imp_files imp_archive_files(struct imp_archive *archive)
{
	return (struct imp_files){
		.read = read_member, .has = has_member, .user = archive};
}

static int load_root(struct finding *finding, const struct imp_layout_root *root,
		     struct imp_error *err)
{
	return imp_layout_load(&finding->files, finding->selection, root, finding->images,
			       finding->count, err);
}

static char *selector_hint(const struct finding *finding)
{
	const char *path = finding->archive->location->path;
	const char *prefix = finding->docker ? "docker-archive" : "oci-archive";

	return path ? imp_arena_printf(finding->selection->arena, "%s:%s:NAME", prefix,
				       path)
		    : NULL;
}

/* 1: the index names no image. */
static int find_by_index(struct finding *finding, struct imp_error *err)
{
	imp_auto(imp_layout_root_finish) struct imp_layout_root root = {0};
	int rc = imp_layout_choose(&finding->files, finding->selection,
				   finding->archive->selector, selector_hint(finding),
				   &root, err);

	return rc == 0 ? load_root(finding, &root, err) : rc;
}

static int load_docker(struct finding *finding, const json_t *entry,
		       struct imp_error *err)
{
	struct imp_image *image =
		imp_arena_alloc(finding->selection->arena, sizeof(*image));
	int rc = imp_docker_load(finding->archive, finding->selection, entry, image, err);

	if (rc < 0)
		return rc;
	image->name_count =
		imp_docker_names(entry, finding->selection->arena, &image->names);
	*finding->images = image;
	*finding->count = 1;
	return 0;
}

/* By manifest.json; where the archive is a layout too, that has the better documents. */
static int find_by_docker(struct finding *finding, struct imp_error *err)
{
	imp_auto(imp_layout_root_finish) struct imp_layout_root root = {0};
	struct imp_digest config;
	const json_t *entry;
	int rc = imp_docker_choose(finding->archive, finding->docker,
				   finding->selection->arena, &entry, err);

	if (rc < 0)
		return rc;
	if (!finding->layout || !imp_docker_config_digest(entry, &config))
		return load_docker(finding, entry, err);
	rc = imp_layout_choose_config(&finding->files, finding->selection, &config, &root,
				      err);
	if (rc < 0)
		return rc;
	if (rc == 1)
		return load_docker(finding, entry, err);
	root.name_count = imp_docker_names(entry, finding->selection->arena, &root.names);
	return load_root(finding, &root, err);
}

/* Names are looked for in both; what the first says of a missing one is reported. */
static int find_in_both(struct finding *finding, struct imp_error *err)
{
	const struct imp_location *location = finding->archive->location;
	const char *selector = finding->archive->selector;
	bool docker_first =
		location->transport == IMP_TRANSPORT_DOCKER_ARCHIVE && selector;
	struct imp_error ignored = {0};
	int rc =
		docker_first ? find_by_docker(finding, err) : find_by_index(finding, err);

	if (rc == 1)
		return find_by_docker(finding, err);
	if (rc != IMP_E_NOT_FOUND || !selector)
		return rc;
	if ((docker_first ? find_by_index(finding, &ignored)
			  : find_by_docker(finding, &ignored)) == 0)
		return 0;
	return rc;
}

static int find_images(struct finding *finding, struct imp_error *err)
{
	int rc;

	if (finding->layout && finding->docker)
		return find_in_both(finding, err);
	if (finding->docker)
		return find_by_docker(finding, err);
	if (!finding->layout)
		return imp_archive_no_image(finding->archive, err);
	rc = find_by_index(finding, err);
	return rc == 1 ? imp_fail(err, IMP_E_NOT_FOUND, "index.json: no image in it")
		       : rc;
}

int imp_archive_images(struct imp_archive *archive, const struct imp_selection *selection,
		       struct imp_image **images, size_t *count, struct imp_error *err)
{
	imp_auto_json json_t *docker = NULL;
	struct finding finding = {
		.archive = archive,
		.selection = selection,
		.files = imp_archive_files(archive),
		.images = images,
		.count = count,
	};
	int rc = imp_docker_open(archive, &docker, err);

	if (rc < 0)
		return rc;
	finding.docker = docker;
	finding.layout = imp_layout_is_there(&finding.files);
	return find_images(&finding, err);
}
