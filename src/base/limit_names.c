#include "imgprof/limits.h"

#include <string.h>

/* One row per field, in the order of the header. The name is the field's with dashes. */
#define FIELD(field) \
	{ \
#field, offsetof(struct imp_limits, field), \
			sizeof(((struct imp_limits *)NULL)->field) \
	}

static const struct {
	const char *field;
	size_t offset, size;
} fields[] = {
	FIELD(manifest_bytes),
	FIELD(config_bytes),
	FIELD(provenance_bytes),
	FIELD(token_bytes),
	FIELD(error_body_bytes),
	FIELD(json_heap_bytes),
	FIELD(json_depth),
	FIELD(json_values),
	FIELD(layers),
	FIELD(platforms),
	FIELD(index_depth),
	FIELD(layer_tar_bytes),
	FIELD(ratio),
	FIELD(ratio_after_bytes),
	FIELD(zstd_window_log),
	FIELD(zstd_window_total_bytes),
	FIELD(path_bytes),
	FIELD(component_bytes),
	FIELD(nodes),
	FIELD(implied_directories),
	FIELD(implied_per_entry),
	FIELD(special_headers),
	FIELD(special_header_bytes),
	FIELD(kept_file_bytes),
	FIELD(kept_total_bytes),
	FIELD(symlink_hops),
	FIELD(redirects),
	FIELD(auth_rounds),
	FIELD(header_bytes),
	FIELD(header_lines),
	FIELD(connect_timeout_s),
	FIELD(stall_timeout_s),
	FIELD(stall_bytes_per_s),
	FIELD(small_request_timeout_s),
	FIELD(retries),
	FIELD(retries_without_progress),
	FIELD(retry_wait_s),
	FIELD(retry_total_s),
	FIELD(helper_timeout_s),
	FIELD(helper_bytes),
	FIELD(archive_members),
	FIELD(archive_json_bytes),
	FIELD(report_bytes),
	FIELD(report_heap_bytes),
	FIELD(report_values),
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(*fields), NAME_SIZE = 48 };

/* '_' and '-' are the same here. */
static bool same_name(const char *field, struct imp_slice name)
{
	if (strlen(field) != name.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (field[i] != name.data[i] && !(field[i] == '_' && name.data[i] == '-'))
			return false;
	return true;
}

static const char *dashed(const char *field)
{
	static _Thread_local char name[NAME_SIZE];
	size_t i = 0;

	for (; field[i] && i < sizeof(name) - 1; i++)
		name[i] = field[i] == '_' ? '-' : field[i];
	name[i] = '\0';
	return name;
}

bool imp_limits_get(const struct imp_limits *limits, size_t i, const char **name,
		    uint64_t *value)
{
	uint32_t small;

	if (i >= FIELD_COUNT)
		return false;
	const char *at = (const char *)limits + fields[i].offset;
	if (fields[i].size == sizeof(small)) {
		memcpy(&small, at, sizeof(small));
		*value = small;
	} else {
		memcpy(value, at, sizeof(*value));
	}
	*name = dashed(fields[i].field);
	return true;
}

bool imp_limits_set(struct imp_limits *limits, struct imp_slice name, uint64_t value)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (!same_name(fields[i].field, name))
			continue;
		char *at = (char *)limits + fields[i].offset;
		uint32_t small = (uint32_t)value;
		if (value == 0 || (fields[i].size == sizeof(small) && value > UINT32_MAX))
			return false;
		if (fields[i].size == sizeof(small))
			memcpy(at, &small, sizeof(small));
		else
			memcpy(at, &value, sizeof(value));
		return true;
	}
	return false;
}
