#include "select_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *imp_document_name(const char *kind, const struct imp_digest *digest,
			      char out[static IMP_DOCUMENT_NAME])
{
	char text[IMP_DIGEST_TEXT];
	snprintf(out, IMP_DOCUMENT_NAME, "%s %.19s", kind, imp_digest_text(digest, text));
	return out;
}

static int check_bytes(const struct imp_descriptor *descriptor, struct imp_slice body,
		       const char *name, struct imp_error *err)
{
	struct imp_digest found;
	char expected[IMP_DIGEST_TEXT];
	char has[IMP_DIGEST_TEXT];
	if (body.len != descriptor->size_bytes)
		return imp_fail(err, IMP_E_INTEGRITY,
				"%s: has %zu bytes, its descriptor says %" PRIu64, name,
				body.len, descriptor->size_bytes);
	imp_digest_of(descriptor->digest.algorithm, body, &found);
	if (imp_digest_equal(&found, &descriptor->digest))
		return 0;
	return imp_fail(err, IMP_E_INTEGRITY, "%s: has the digest %s, expected %s", name,
			imp_digest_text(&found, has),
			imp_digest_text(&descriptor->digest, expected));
}

const char *imp_fetch_word(enum imp_fetch_kind kind)
{
	static const char *const words[] = {
		[IMP_FETCH_MANIFEST] = "manifest",
		[IMP_FETCH_CONFIG] = "config",
		[IMP_FETCH_STATEMENT] = "provenance",
	};
	return words[kind];
}

struct kind_limit {
	const char *name;
	uint64_t bytes;
};

static struct kind_limit limit_of(enum imp_fetch_kind kind,
				  const struct imp_limits *limits)
{
	switch (kind) {
	case IMP_FETCH_CONFIG:
		return (struct kind_limit){"config-bytes", limits->config_bytes};
	case IMP_FETCH_STATEMENT:
		return (struct kind_limit){"provenance-bytes", limits->provenance_bytes};
	case IMP_FETCH_MANIFEST:
		break;
	}
	return (struct kind_limit){"manifest-bytes", limits->manifest_bytes};
}

int imp_fetch_checked(const struct imp_fetcher *fetcher, enum imp_fetch_kind kind,
		      const struct imp_descriptor *descriptor,
		      const struct imp_limits *limits, struct imp_strbuf *body,
		      struct imp_error *err)
{
	const struct kind_limit of = limit_of(kind, limits);
	char name[IMP_DOCUMENT_NAME];
	imp_document_name(imp_fetch_word(kind), &descriptor->digest, name);
	if (descriptor->data.data) {
		imp_strbuf_add_slice(body, descriptor->data);
		return 0;
	}
	if (descriptor->size_bytes > of.bytes)
		return imp_fail(err, IMP_E_LIMIT,
				"%s: resource limit %s: %" PRIu64
				" bytes, at most %" PRIu64 " are read",
				name, of.name, descriptor->size_bytes, of.bytes);
	int rc = fetcher->fetch(fetcher->user, kind, descriptor, of.bytes, body, err);
	if (rc < 0)
		return rc;
	return check_bytes(descriptor, imp_strbuf_slice(body), name, err);
}

/* What the digest led to is trusted in its own words where the descriptor calls it
 * something else (reference/formats.md 2.3). */
int imp_parse_child(const struct imp_selection *selection, struct imp_slice body,
		    const char *media_type, const char *name, struct imp_document *out,
		    struct imp_error *err)
{
	const struct imp_limits *limits = selection->context->limits;
	struct imp_error first = {0};
	int rc = imp_document_parse(body, media_type, name, limits, selection->arena, out,
				    &first);
	if (rc == IMP_E_FORMAT && *media_type != '\0') {
		struct imp_error second = {0};
		if (imp_document_parse(body, "", name, limits, selection->arena, out,
				       &second) == 0) {
			imp_warnings_add(selection->warnings, "media-type", IMP_NO_LAYER,
					 IMP_SLICE(""), "%s: listed as %s, is %s", name,
					 media_type, out->media_type);
			return 0;
		}
	}
	if (rc < 0)
		*err = first;
	return rc;
}

/* One image. */

static const char *artifact_words(const char *type)
{
	static const struct {
		const char *prefix;
		const char *words;
	} kinds[] = {
		{"application/vnd.cncf.helm.", "a Helm chart"},
		{"application/vnd.dev.cosign.", "a signature"},
		{"application/vnd.dev.sigstore.", "a signature"},
		{"application/vnd.cncf.notary.", "a signature"},
		{"application/vnd.in-toto", "an attestation"},
		{"application/vnd.docker.attestation.", "an attestation"},
		{"application/vnd.docker.plugin.", "a Docker plugin"},
		{"application/vnd.cyclonedx", "a bill of materials"},
		{"application/spdx", "a bill of materials"},
		{"text/spdx", "a bill of materials"},
		{"application/vnd.wasm.", "a WebAssembly module"},
		{"build cache", "a build cache"},
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strncmp(type, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
			return kinds[i].words;
	return "an artifact";
}

static int fail_artifact(const struct imp_document *document, struct imp_error *err)
{
	const char *type = document->artifact_type;
	bool plain = strchr(type, '/') == NULL;
	return imp_fail(err, IMP_E_UNSUPPORTED, "%s%s%s%s, not an image",
			artifact_words(type), plain ? "" : " (", plain ? "" : type,
			plain ? "" : ")");
}

static int read_config(const struct imp_selection *selection,
		       const struct imp_descriptor *descriptor, struct imp_config *out,
		       struct imp_error *err)
{
	const struct imp_limits *limits = selection->context->limits;
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};
	char name[IMP_DOCUMENT_NAME];
	int rc = imp_fetch_checked(selection->fetcher, IMP_FETCH_CONFIG, descriptor,
				   limits, &body, err);
	if (rc < 0)
		return rc;
	return imp_config_parse(imp_strbuf_slice(&body),
				imp_document_name("config", &descriptor->digest, name),
				limits, selection->arena, out, err);
}

static int fill_layers(const struct imp_selection *selection, struct imp_image *image,
		       struct imp_error *err)
{
	const struct imp_document *manifest = &image->manifest;
	const struct imp_config *config = &image->config;
	if (config->diff_id_count != manifest->entry_count)
		return imp_fail(err, IMP_E_FORMAT,
				"the manifest has %zu layers, the config %zu diff_ids",
				manifest->entry_count, config->diff_id_count);
	const struct imp_slice *instructions = imp_layer_instructions(
		config, manifest->entry_count, selection->arena, selection->warnings);
	image->layer_count = manifest->entry_count;
	image->layers = imp_arena_array(selection->arena, image->layer_count,
					sizeof(*image->layers));
	for (size_t i = 0; i < image->layer_count; i++)
		image->layers[i] = (struct imp_image_layer){
			.blob = manifest->entries[i],
			.diff_id = config->diff_ids[i],
			.instruction = instructions[i],
		};
	return 0;
}

int imp_load_document(const struct imp_selection *selection,
		      const struct imp_document *document, uint64_t size_bytes,
		      const struct imp_digest *digest, struct imp_image *out,
		      struct imp_error *err)
{
	if (document->kind == IMP_DOCUMENT_ARTIFACT)
		return fail_artifact(document, err);
	if (document->kind == IMP_DOCUMENT_INDEX)
		return imp_fail(err, IMP_E_FORMAT, "an index, expected a manifest");
	struct imp_image image = {
		.reference = selection->reference,
		.digest = *digest,
		.manifest = *document,
		.manifest_bytes = size_bytes,
		.config_bytes = document->config.size_bytes,
	};
	int rc = read_config(selection, &document->config, &image.config, err);
	if (rc == 0)
		rc = fill_layers(selection, &image, err);
	if (rc < 0)
		return rc;
	image.platform = image.config.platform;
	*out = image;
	return 0;
}

int imp_load_image(const struct imp_selection *selection, struct imp_slice manifest,
		   const char *media_type, const struct imp_digest *digest,
		   struct imp_image *out, struct imp_error *err)
{
	struct imp_document document;
	char name[IMP_DOCUMENT_NAME];
	int rc = imp_parse_child(selection, manifest, media_type,
				 imp_document_name("manifest", digest, name), &document,
				 err);
	if (rc < 0)
		return rc;
	return imp_load_document(selection, &document, manifest.len, digest, out, err);
}
