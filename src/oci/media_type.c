#include "media_type_priv.h"

#include "ascii_priv.h"

const char imp_oci_index_type[] = "application/vnd.oci.image.index.v1+json";
const char imp_docker_list_type[] =
	"application/vnd.docker.distribution.manifest.list.v2+json";
const char imp_oci_manifest_type[] = "application/vnd.oci.image.manifest.v1+json";
const char imp_docker_manifest_type[] =
	"application/vnd.docker.distribution.manifest.v2+json";
const char imp_oci_config_type[] = "application/vnd.oci.image.config.v1+json";
const char imp_docker_config_type[] = "application/vnd.docker.container.image.v1+json";
const char imp_empty_config_type[] = "application/vnd.oci.empty.v1+json";
const char imp_build_cache_type[] = "application/vnd.buildkit.cacheconfig.v0";

static const struct {
	const char *name;
	enum imp_media_kind kind;
} documents[] = {
	{imp_oci_index_type, IMP_MEDIA_INDEX},
	{imp_docker_list_type, IMP_MEDIA_INDEX},
	{imp_oci_manifest_type, IMP_MEDIA_MANIFEST},
	{imp_docker_manifest_type, IMP_MEDIA_MANIFEST},
	{"application/vnd.docker.distribution.manifest.v1+prettyjws", IMP_MEDIA_SCHEMA1},
	{"application/vnd.docker.distribution.manifest.v1+json", IMP_MEDIA_SCHEMA1},
	{imp_oci_config_type, IMP_MEDIA_CONFIG},
	{imp_docker_config_type, IMP_MEDIA_CONFIG},
};

#define OCI "application/vnd.oci.image.layer."
#define DOCKER "application/vnd.docker.image.rootfs."

static const struct {
	const char *name;
	enum imp_declared declared;
	bool foreign;
} layers[] = {
	{OCI "v1.tar", IMP_DECLARED_PLAIN, false},
	{OCI "v1.tar+gzip", IMP_DECLARED_GZIP, false},
	{OCI "v1.tar+zstd", IMP_DECLARED_ZSTD, false},
	{OCI "nondistributable.v1.tar", IMP_DECLARED_PLAIN, true},
	{OCI "nondistributable.v1.tar+gzip", IMP_DECLARED_GZIP, true},
	{OCI "nondistributable.v1.tar+zstd", IMP_DECLARED_ZSTD, true},
	/* Docker writes compressed layers under this name too. */
	{DOCKER "diff.tar", IMP_DECLARED_UNKNOWN, false},
	{DOCKER "diff.tar.gzip", IMP_DECLARED_GZIP, false},
	{DOCKER "diff.tar.zstd", IMP_DECLARED_ZSTD, false},
	{DOCKER "foreign.diff.tar", IMP_DECLARED_UNKNOWN, true},
	{DOCKER "foreign.diff.tar.gzip", IMP_DECLARED_GZIP, true},
};

const char *imp_media_type_normalise(struct imp_slice text, struct imp_arena *arena)
{
	struct imp_slice rest = text;
	struct imp_slice type = imp_slice_cut(&rest, ';');
	while (type.len != 0 && imp_is_space(type.data[0]))
		type = imp_slice_skip(type, 1);
	while (type.len != 0 && imp_is_space(type.data[type.len - 1]))
		type.len--;

	char *out = imp_arena_alloc(arena, type.len + 1);
	for (size_t i = 0; i < type.len; i++)
		out[i] = imp_to_lower(type.data[i]);
	return out;
}

bool imp_layer_type_find(const char *media_type, struct imp_layer_type *out)
{
	static const struct imp_slice suffix = IMP_SLICE("+encrypted");
	struct imp_slice name = imp_slice_of(media_type);
	bool encrypted = imp_slice_ends(name, suffix);
	if (encrypted)
		name.len -= suffix.len;
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
		if (!imp_slice_is(name, layers[i].name))
			continue;
		out->declared = layers[i].declared;
		out->foreign = layers[i].foreign;
		out->encrypted = encrypted;
		return true;
	}
	return false;
}

enum imp_media_kind imp_media_kind(const char *media_type)
{
	struct imp_layer_type layer;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
		if (strcmp(media_type, documents[i].name) == 0)
			return documents[i].kind;
	return imp_layer_type_find(media_type, &layer) ? IMP_MEDIA_LAYER
						       : IMP_MEDIA_OTHER;
}
