#include <stdio.h>

#include "files_priv.h"
#include "imgprof/json.h"
#include "select_priv.h"

#define INDEX_TYPE "application/vnd.oci.image.index.v1+json"
#define BLOBS "blobs/"

/* index.json, and the entries of it that could be meant. */
struct layout {
	struct imp_files files;
	struct imp_fetcher fetcher; /* of FILES */
	const struct imp_selection *selection;
	struct imp_strbuf body;
	struct imp_document document;
	size_t *chosen; /* positions of entries, in the arena */
	size_t chosen_count;
};

const char *imp_blob_name(const struct imp_digest *digest, char out[static IMP_BLOB_NAME])
{
	char text[IMP_DIGEST_TEXT];

	snprintf(out, IMP_BLOB_NAME, BLOBS "%s", imp_digest_text(digest, text));
	*strchr(out, ':') = '/';
	return out;
}

bool imp_blob_name_parse(struct imp_slice name, struct imp_digest *out)
{
	char text[IMP_DIGEST_TEXT];
	char *slash;

	if (!imp_slice_starts(name, IMP_SLICE(BLOBS)))
		return false;
	name = imp_slice_skip(name, strlen(BLOBS));
	if (name.len >= sizeof(text) || memchr(name.data, ':', name.len))
		return false;
	memcpy(text, name.data, name.len);
	slash = memchr(text, '/', name.len);
	if (!slash)
		return false;
	*slash = ':';
	return imp_digest_parse(imp_slice(text, name.len), out, NULL) == 0;
}

static int fetch_blob(void *user, enum imp_fetch_kind kind,
		      const struct imp_descriptor *descriptor, uint64_t limit,
		      struct imp_strbuf *body, struct imp_error *err)
{
	const struct imp_files *files = user;
	char name[IMP_BLOB_NAME];

	(void)kind;
	return files->read(files->user, imp_blob_name(&descriptor->digest, name), limit,
			   body, err);
}

static bool has_blob(void *user, const struct imp_descriptor *descriptor)
{
	const struct imp_files *files = user;
	char name[IMP_BLOB_NAME];

	return descriptor->data.data ||
	       files->has(files->user, imp_blob_name(&descriptor->digest, name));
}

bool imp_layout_is_there(const struct imp_files *files)
{
	return files->has(files->user, "oci-layout") &&
	       files->has(files->user, "index.json");
}

static int check_version(const struct imp_files *files, const struct imp_limits *limits,
			 struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	imp_auto_json json_t *root = NULL;
	struct imp_slice version;
	int rc = files->read(files->user, "oci-layout", limits->manifest_bytes, &body,
			     err);

	if (rc == 0)
		rc = imp_json_parse(imp_strbuf_slice(&body), limits, "oci-layout", &root,
				    err);
	if (rc < 0)
		return rc;
	version = imp_json_get_string(root, "imageLayoutVersion");
	if (!imp_slice_starts(version, IMP_SLICE("1.")))
		return imp_fail(
			err, IMP_E_UNSUPPORTED,
			"oci-layout: imageLayoutVersion is '%.*s', expected 1.0.0",
			(int)(version.len < 32 ? version.len : 32), version.data);
	return 0;
}

static int open_layout(struct layout *layout, struct imp_error *err)
{
	const struct imp_limits *limits = layout->selection->context->limits;
	const struct imp_files *files = &layout->files;
	int rc = check_version(files, limits, err);

	layout->fetcher = (struct imp_fetcher){
		.fetch = fetch_blob, .has = has_blob, .user = &layout->files};
	if (rc == 0)
		rc = files->read(files->user, "index.json", limits->manifest_bytes,
				 &layout->body, err);
	if (rc == 0)
		rc = imp_document_parse(imp_strbuf_slice(&layout->body), INDEX_TYPE,
					"index.json", limits, layout->selection->arena,
					&layout->document, err);
	if (rc < 0)
		return rc;
	if (layout->document.kind == IMP_DOCUMENT_ARTIFACT)
		return imp_fail(err, IMP_E_UNSUPPORTED, "index.json: a %s, not an image",
				layout->document.artifact_type);
	layout->chosen =
		imp_arena_array(layout->selection->arena, layout->document.entry_count,
				sizeof(*layout->chosen));
	return 0;
}

static const struct imp_descriptor *chosen_entry(const struct layout *layout, size_t i)
{
	return &layout->document.entries[layout->chosen[i]];
}

static struct imp_slice annotation(const struct imp_descriptor *entry, const char *key)
{
	return imp_annotation(entry->annotations, entry->annotation_count, key);
}

static struct imp_slice reference_name(const struct imp_descriptor *entry)
{
	return annotation(entry, "org.opencontainers.image.ref.name");
}

static struct imp_slice full_name(const struct imp_descriptor *entry)
{
	return annotation(entry, "io.containerd.image.name");
}

static struct imp_slice best_name(const struct imp_descriptor *entry)
{
	struct imp_slice name = full_name(entry);

	return name.len > 0 ? name : reference_name(entry);
}

/* Neither attestations nor what refers to an image are images (formats.md 7.2, 2.14). */
static bool is_image(const struct imp_descriptor *entry)
{
	enum imp_media_kind kind = imp_media_kind(entry->media_type);

	return !entry->attestation &&
	       annotation(entry, "io.containerd.manifest.subject").len == 0 &&
	       (kind == IMP_MEDIA_INDEX || kind == IMP_MEDIA_MANIFEST ||
		kind == IMP_MEDIA_SCHEMA1);
}

static bool same_full_name(struct imp_slice selector, const struct imp_descriptor *entry,
			   struct imp_arena *arena)
{
	struct imp_reference wanted, offered;
	struct imp_slice name = full_name(entry);

	return imp_reference_parse(selector, arena, &wanted, NULL) == 0 &&
	       imp_reference_parse(name, arena, &offered, NULL) == 0 &&
	       strcmp(imp_reference_text(&wanted, arena),
		      imp_reference_text(&offered, arena)) == 0;
}

static bool is_named(const struct layout *layout, const struct imp_descriptor *entry,
		     const char *selector)
{
	struct imp_slice wanted = imp_slice_of(selector);
	size_t position = (size_t)(entry - layout->document.entries);
	unsigned long long number;

	if (!selector)
		return true;
	if (wanted.data[0] == '@' && imp_slice_u64(imp_slice_skip(wanted, 1), &number))
		return number == position;
	return imp_slice_equal(wanted, reference_name(entry)) ||
	       imp_slice_equal(wanted, full_name(entry)) ||
	       same_full_name(wanted, entry, layout->selection->arena);
}

/* One image may be listed under several names. */
static bool is_chosen(const struct layout *layout, const struct imp_descriptor *entry)
{
	for (size_t i = 0; i < layout->chosen_count; i++)
		if (imp_digest_equal(&chosen_entry(layout, i)->digest, &entry->digest))
			return true;
	return false;
}

static void choose_where(struct layout *layout, const char *selector, bool artifacts)
{
	for (size_t i = 0; i < layout->document.entry_count; i++) {
		const struct imp_descriptor *entry = &layout->document.entries[i];
		if (is_image(entry) && (*entry->artifact_type == '\0') == !artifacts &&
		    is_named(layout, entry, selector) && !is_chosen(layout, entry))
			layout->chosen[layout->chosen_count++] = i;
	}
}

/* Artifacts count only where there is nothing else: then the choice says what they are. */
static void choose(struct layout *layout, const char *selector)
{
	layout->chosen_count = 0;
	choose_where(layout, selector, false);
	if (layout->chosen_count == 0)
		choose_where(layout, selector, true);
}

/* Variants of one image for several platforms, side by side without an index of their own. */
static bool is_one_image(const struct layout *layout)
{
	for (size_t i = 0; i < layout->chosen_count; i++)
		if (!chosen_entry(layout, i)->has_platform ||
		    !imp_slice_equal(best_name(chosen_entry(layout, i)),
				     best_name(chosen_entry(layout, 0))))
			return false;
	return true;
}

static void list_entry(struct imp_strbuf *text, const struct layout *layout,
		       const struct imp_descriptor *entry)
{
	struct imp_slice name = best_name(entry);

	if (text->len > 0)
		imp_strbuf_add_text(text, ", ");
	if (name.len > 0)
		imp_strbuf_add_slice(text, name);
	else
		imp_strbuf_printf(text, "@%zu",
				  (size_t)(entry - layout->document.entries));
}

/* Every name of every image, also where several name the same one. */
static void list_images(struct imp_strbuf *text, const struct layout *layout)
{
	for (size_t i = 0; i < layout->document.entry_count; i++)
		if (is_image(&layout->document.entries[i]))
			list_entry(text, layout, &layout->document.entries[i]);
}

static int fail_choice(const struct layout *layout, const char *selector,
		       const char *hint, struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf list = {0};

	list_images(&list, layout);
	if (!selector)
		imp_fail(err, IMP_E_NOT_FOUND, "several images, choose one of: %s",
			 list.data);
	else if (layout->chosen_count > 1)
		imp_fail(err, IMP_E_NOT_FOUND,
			 "several images are called '%s', there are: %s", selector,
			 list.data);
	else
		imp_fail(err, IMP_E_NOT_FOUND, "no image '%s', there are: %s", selector,
			 list.data);
	return hint ? imp_hint(err, "%s", hint) : IMP_E_NOT_FOUND;
}

static int append_json(const char *data, size_t len, void *body)
{
	imp_strbuf_add(body, data, len);
	return 0;
}

/* An index of the chosen entries alone, as they stand in index.json. */
static int write_index(const struct layout *layout, struct imp_strbuf *body,
		       struct imp_error *err)
{
	imp_auto_json json_t *root = NULL, *index = json_object(),
			     *entries = json_array();
	const json_t *manifests;
	int rc = imp_json_parse(imp_strbuf_slice(&layout->body),
				layout->selection->context->limits, "index.json", &root,
				err);

	if (rc < 0)
		return rc;
	manifests = json_object_get(root, "manifests");
	for (size_t i = 0; i < layout->chosen_count; i++)
		json_array_append(entries, json_array_get(manifests, layout->chosen[i]));
	json_object_set_new(index, "schemaVersion", json_integer(2));
	json_object_set(index, "manifests", entries);
	if (json_dump_callback(index, append_json, body, JSON_COMPACT) < 0)
		return imp_fail(err, IMP_E_LIMIT,
				"index.json: too large to be read twice");
	return 0;
}

/* The one document that was chosen. Its digest fits, so its own words count where its
 * descriptor calls it something else (formats.md 2.3). */
static int read_document(const struct layout *layout, struct imp_layout_root *root,
			 struct imp_error *err)
{
	const struct imp_descriptor *entry = chosen_entry(layout, 0);
	struct imp_document document = {0};
	char name[IMP_DOCUMENT_NAME];
	int rc = imp_fetch_checked(&layout->fetcher, IMP_FETCH_MANIFEST, entry,
				   layout->selection->context->limits, &root->body, err);

	if (rc == 0)
		rc = imp_parse_child(layout->selection, imp_strbuf_slice(&root->body),
				     entry->media_type,
				     imp_document_name("manifest", &entry->digest, name),
				     &document, err);
	if (rc < 0)
		return rc;
	root->media_type = document.media_type;
	root->digest = entry->digest;
	return 0;
}

static const struct imp_document *keep_index(const struct layout *layout,
					     const struct imp_document *index)
{
	struct imp_document *copy =
		imp_arena_alloc(layout->selection->arena, sizeof(*copy));

	*copy = *index;
	return copy;
}

/* All that index.json calls what was chosen: one entry for each of its names. */
static void note_names(const struct layout *layout, struct imp_layout_root *root)
{
	const struct imp_digest *digest = &chosen_entry(layout, 0)->digest;
	size_t most = 2 * layout->document.entry_count;
	struct imp_slice *names =
		imp_arena_array(layout->selection->arena, most, sizeof(*names));

	for (size_t i = 0; i < layout->document.entry_count; i++) {
		const struct imp_descriptor *entry = &layout->document.entries[i];
		const struct imp_slice both[] = {full_name(entry), reference_name(entry)};
		for (int k = 0; k < 2; k++)
			if (both[k].len && imp_digest_equal(&entry->digest, digest))
				names[root->name_count++] = both[k];
	}
	root->names = names;
}

static int read_chosen(const struct layout *layout, struct imp_layout_root *root,
		       struct imp_error *err)
{
	root->beside = keep_index(layout, &layout->document);
	note_names(layout, root);
	if (layout->chosen_count == 1)
		return read_document(layout, root, err);
	root->media_type = INDEX_TYPE;
	return write_index(layout, &root->body, err);
}

void imp_layout_root_finish(struct imp_layout_root *root)
{
	imp_strbuf_finish(&root->body);
}

static void finish_layout(struct layout *layout)
{
	imp_strbuf_finish(&layout->body);
}

int imp_layout_choose(const struct imp_files *files,
		      const struct imp_selection *selection, const char *selector,
		      const char *hint, struct imp_layout_root *out,
		      struct imp_error *err)
{
	imp_auto(finish_layout) struct layout layout = {.files = *files,
							.selection = selection};
	int rc = open_layout(&layout, err);

	if (rc < 0)
		return rc;
	choose(&layout, NULL);
	if (layout.chosen_count == 0)
		return 1;
	choose(&layout, selector);
	if (layout.chosen_count == 0 ||
	    (layout.chosen_count > 1 && !is_one_image(&layout)))
		return fail_choice(&layout, selector, hint, err);
	return read_chosen(&layout, out, err);
}

/* Whether ENTRY, a manifest that is there, has the config CONFIG; its body is left in ROOT. */
static bool has_config(const struct layout *layout, const struct imp_descriptor *entry,
		       const struct imp_digest *config, struct imp_layout_root *root)
{
	const struct imp_limits *limits = layout->selection->context->limits;
	struct imp_error ignored = {0};
	struct imp_document document;

	imp_strbuf_reset(&root->body);
	root->media_type = entry->media_type;
	root->digest = entry->digest;
	root->beside = keep_index(layout, &layout->document);
	return imp_media_kind(entry->media_type) == IMP_MEDIA_MANIFEST &&
	       layout->fetcher.has(layout->fetcher.user, entry) &&
	       imp_fetch_checked(&layout->fetcher, IMP_FETCH_MANIFEST, entry, limits,
				 &root->body, &ignored) == 0 &&
	       imp_document_parse(imp_strbuf_slice(&root->body), entry->media_type, "",
				  limits, layout->selection->arena, &document,
				  &ignored) == 0 &&
	       document.kind == IMP_DOCUMENT_MANIFEST &&
	       imp_digest_equal(&document.config.digest, config);
}

/* The same one level below, for an image of several platforms. */
static bool child_has_config(const struct layout *layout,
			     const struct imp_descriptor *entry,
			     const struct imp_digest *config, uint32_t *looks,
			     struct imp_layout_root *root)
{
	const struct imp_limits *limits = layout->selection->context->limits;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	struct imp_error ignored = {0};
	struct imp_document document;

	if (imp_media_kind(entry->media_type) != IMP_MEDIA_INDEX ||
	    imp_fetch_checked(&layout->fetcher, IMP_FETCH_MANIFEST, entry, limits, &body,
			      &ignored) < 0 ||
	    imp_document_parse(imp_strbuf_slice(&body), entry->media_type, "", limits,
			       layout->selection->arena, &document, &ignored) < 0)
		return false;
	for (size_t i = 0; i<document.entry_count && * looks> 0; i++, --*looks)
		if (has_config(layout, &document.entries[i], config, root)) {
			root->beside = keep_index(layout, &document);
			return true;
		}
	return false;
}

int imp_layout_choose_config(const struct imp_files *files,
			     const struct imp_selection *selection,
			     const struct imp_digest *config, struct imp_layout_root *out,
			     struct imp_error *err)
{
	imp_auto(finish_layout) struct layout layout = {.files = *files,
							.selection = selection};
	uint32_t looks = selection->context->limits->platforms;
	int rc = open_layout(&layout, err);

	if (rc < 0)
		return rc;
	choose(&layout, NULL);
	for (size_t i = 0; i < layout.chosen_count; i++)
		if (has_config(&layout, chosen_entry(&layout, i), config, out) ||
		    child_has_config(&layout, chosen_entry(&layout, i), config, &looks,
				     out))
			return 0;
	return 1;
}

int imp_layout_load(const struct imp_files *files, const struct imp_selection *selection,
		    const struct imp_layout_root *root, struct imp_image **images,
		    size_t *count, struct imp_error *err)
{
	struct imp_files blobs = *files;
	struct imp_fetcher fetcher = {
		.fetch = fetch_blob, .has = has_blob, .user = &blobs};
	struct imp_selection here = *selection;

	here.fetcher = &fetcher;
	here.beside = root->beside;
	here.root_digest =
		root->digest.algorithm == IMP_DIGEST_NONE ? NULL : &root->digest;
	int rc = imp_select_images(&here, imp_strbuf_slice(&root->body), root->media_type,
				   images, count, err);
	for (size_t i = 0; rc == 0 && i < *count; i++) {
		(*images)[i].names = root->names;
		(*images)[i].name_count = root->name_count;
	}
	return rc;
}
