/*
 * A header: two big-endian counts (index entries, bytes of data), the entries of 16 bytes (tag,
 * type, offset, count), the data. Both counts come from outside.
 */
#include "rpm.h"

enum {
	HEAD_BYTES = 8,
	ENTRY_BYTES = 16,
	MAX_ENTRIES = 0xffff, /* rpm's own limits */
	MAX_DATA_BYTES = 0xfffffff,
	TYPE_CHAR = 1,
	TYPE_INT8 = 2,
	TYPE_INT32 = 4,
	TYPE_STRING = 6,
	TYPE_STRING_ARRAY = 8,
	TYPE_I18N_STRING = 9,
};

static const uint32_t tag_numbers[RPM_TAGS] = {
	[RPM_NAME] = 1000,
	[RPM_VERSION] = 1001,
	[RPM_RELEASE] = 1002,
	[RPM_EPOCH] = 1003,
	[RPM_GROUP] = 1016,
	[RPM_ARCH] = 1022,
	[RPM_SOURCE] = 1044,
	[RPM_OLD_FILE_NAMES] = 1027,
	[RPM_FILE_STATES] = 1029,
	[RPM_FILE_FLAGS] = 1037,
	[RPM_DIRECTORY_INDEXES] = 1116,
	[RPM_BASE_NAMES] = 1117,
	[RPM_DIRECTORY_NAMES] = 1118,
	[RPM_PROVIDES] = 1047,
	[RPM_REQUIRES] = 1049,
	[RPM_RECOMMENDS] = 5046,
	[RPM_SUGGESTS] = 5049,
	[RPM_SUPPLEMENTS] = 5052,
};

/* Regions (tags 61 to 63) and whatever else is of no interest fall through. */
static struct rpm_value *value_of(struct rpm_header *header, uint32_t number)
{
	for (size_t i = 0; i < RPM_TAGS; i++)
		if (tag_numbers[i] == number)
			return &header->tags[i];
	return NULL;
}

bool imp_rpm_header_read(struct imp_slice blob, struct rpm_header *out)
{
	*out = (struct rpm_header){0};
	if (blob.len < HEAD_BYTES)
		return false;
	uint64_t entries = rpm_big_u32(blob.data), bytes = rpm_big_u32(blob.data + 4);
	if (entries == 0 || entries > MAX_ENTRIES || bytes > MAX_DATA_BYTES ||
	    HEAD_BYTES + entries * ENTRY_BYTES + bytes > blob.len)
		return false;
	const char *entry = blob.data + HEAD_BYTES;
	struct imp_slice data = imp_slice(entry + entries * ENTRY_BYTES, bytes);
	for (uint64_t i = 0; i < entries; i++, entry += ENTRY_BYTES) {
		struct rpm_value *value = value_of(out, rpm_big_u32(entry));
		uint32_t offset = rpm_big_u32(entry + 8);
		if (!value)
			continue;
		if (offset >= bytes)
			return false;
		*value = (struct rpm_value){
			.type = rpm_big_u32(entry + 4),
			.count = rpm_big_u32(entry + 12),
			.data = imp_slice_skip(data, offset),
		};
	}
	return out->tags[RPM_NAME].count > 0;
}

static bool is_text(uint32_t type)
{
	return type == TYPE_STRING || type == TYPE_STRING_ARRAY ||
	       type == TYPE_I18N_STRING;
}

struct rpm_strings imp_rpm_strings(const struct rpm_header *header, enum rpm_tag tag)
{
	const struct rpm_value *value = &header->tags[tag];

	if (!is_text(value->type))
		return (struct rpm_strings){0};
	return (struct rpm_strings){value->data, value->count};
}

bool imp_rpm_strings_next(struct rpm_strings *strings, struct imp_slice *out)
{
	if (strings->left == 0 || strings->rest.len == 0 ||
	    !memchr(strings->rest.data, '\0', strings->rest.len))
		return false;
	strings->left--;
	*out = imp_slice_cut(&strings->rest, '\0');
	return true;
}

struct imp_slice imp_rpm_string(const struct rpm_header *header, enum rpm_tag tag)
{
	struct rpm_strings strings = imp_rpm_strings(header, tag);
	struct imp_slice first;

	return imp_rpm_strings_next(&strings, &first) ? first : IMP_SLICE("");
}

bool imp_rpm_integer(const struct rpm_header *header, enum rpm_tag tag, uint32_t i,
		     uint32_t *out)
{
	const struct rpm_value *value = &header->tags[tag];

	if (i >= value->count)
		return false;
	if (value->type == TYPE_INT32 && i < value->data.len / 4) {
		*out = rpm_big_u32(value->data.data + (size_t)i * 4);
		return true;
	}
	if ((value->type == TYPE_CHAR || value->type == TYPE_INT8) &&
	    i < value->data.len) {
		*out = (unsigned char)value->data.data[i];
		return true;
	}
	return false;
}
