#include "fields.h"

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/units.h"

void imp_reading_break(struct imp_reading *reading, const char *key)
{
	if (!reading->broken)
		reading->broken = key;
}

const json_t *imp_read_object(struct imp_reading *reading, const json_t *object,
			      const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_object(value))
		return value;
	imp_reading_break(reading, key);
	return json_null();
}

const json_t *imp_read_array(struct imp_reading *reading, const json_t *object,
			     const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_array(value))
		return value;
	imp_reading_break(reading, key);
	return json_null();
}

const json_t *imp_read_element(struct imp_reading *reading, const json_t *array, size_t i,
			       const char *key)
{
	const json_t *value = json_array_get(array, i);

	if (json_is_object(value))
		return value;
	imp_reading_break(reading, key);
	return json_null();
}

uint64_t imp_read_number(struct imp_reading *reading, const json_t *object,
			 const char *key, uint64_t most)
{
	uint64_t value = 0;

	if (imp_json_get_u64(object, key, &value) && value <= most)
		return value;
	imp_reading_break(reading, key);
	return 0;
}

uint64_t imp_read_bytes(struct imp_reading *reading, const json_t *object,
			const char *key)
{
	return imp_read_number(reading, object, key, IMP_RELOAD_MAX_BYTES);
}

uint32_t imp_read_optional(struct imp_reading *reading, const json_t *object,
			   const char *key, uint32_t most)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_null(value))
		return IMP_NONE;
	return (uint32_t)imp_read_number(reading, object, key, most);
}

bool imp_read_flag(struct imp_reading *reading, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_boolean(value))
		imp_reading_break(reading, key);
	return json_is_true(value);
}

static struct imp_slice copy(struct imp_reading *reading, const json_t *value,
			     const char *key)
{
	if (!value || json_is_null(value))
		return (struct imp_slice){"", 0};
	if (!json_is_string(value)) {
		imp_reading_break(reading, key);
		return (struct imp_slice){"", 0};
	}
	return imp_arena_copy(reading->arena, imp_slice(json_string_value(value),
							json_string_length(value)));
}

static struct imp_slice decode(struct imp_reading *reading, const json_t *value,
			       const char *key)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf raw = {0};

	if (!json_is_string(value) ||
	    !imp_base64_decode(&raw, imp_slice(json_string_value(value),
					       json_string_length(value)))) {
		imp_reading_break(reading, key);
		return (struct imp_slice){"", 0};
	}
	return imp_arena_copy(reading->arena, imp_strbuf_slice(&raw));
}

static const json_t *raw_of(const json_t *object, const char *key)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf name = {0};

	imp_strbuf_printf(&name, "%s_base64", key);
	return json_object_get(object, name.data);
}

struct imp_slice imp_read_raw(struct imp_reading *reading, const json_t *object,
			      const char *key)
{
	const json_t *raw = raw_of(object, key);

	return raw ? decode(reading, raw, key)
		   : copy(reading, json_object_get(object, key), key);
}

const char *imp_read_text(struct imp_reading *reading, const json_t *object,
			  const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!value || json_is_null(value))
		return NULL;
	struct imp_slice text = imp_read_raw(reading, object, key);
	if (!memchr(text.data, '\0', text.len))
		return text.data;
	imp_reading_break(reading, key);
	return NULL;
}

const char *imp_read_name(struct imp_reading *reading, const json_t *object,
			  const char *key)
{
	const char *text = imp_read_text(reading, object, key);

	if (!text)
		imp_reading_break(reading, key);
	return text ? text : "";
}

static bool is_line(const char *text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf escaped = {0};

	imp_escape_terminal(&escaped, imp_slice_of(text));
	return imp_slice_is(imp_strbuf_slice(&escaped), text);
}

const char *imp_read_line(struct imp_reading *reading, const json_t *object,
			  const char *key)
{
	const char *text = imp_read_text(reading, object, key);

	if (!text || is_line(text))
		return text;
	imp_reading_break(reading, key);
	return NULL;
}

const char *imp_read_line_or_empty(struct imp_reading *reading, const json_t *object,
				   const char *key)
{
	const char *text = imp_read_line(reading, object, key);

	return text ? text : "";
}

const char *imp_read_word(struct imp_reading *reading, const json_t *object,
			  const char *key)
{
	const char *text = imp_read_line(reading, object, key);

	if (!text)
		imp_reading_break(reading, key);
	return text ? text : "";
}

const struct imp_slice *imp_read_list(struct imp_reading *reading, const json_t *object,
				      const char *key, size_t *count)
{
	const json_t *plain = imp_read_array(reading, object, key);
	const json_t *raw = raw_of(object, key);

	*count = json_array_size(plain);
	if (raw && json_array_size(raw) != *count)
		imp_reading_break(reading, key);
	struct imp_slice *list =
		imp_arena_array(reading->arena, *count + 1, sizeof(*list));
	for (size_t i = 0; i < *count; i++)
		list[i] = raw ? decode(reading, json_array_get(raw, i), key)
			      : copy(reading, json_array_get(plain, i), key);
	return list;
}

const char *const *imp_read_lines(struct imp_reading *reading, const json_t *object,
				  const char *key, size_t *count)
{
	const struct imp_slice *list = imp_read_list(reading, object, key, count);
	const char **lines = imp_arena_array(reading->arena, *count + 1, sizeof(*lines));

	for (size_t i = 0; i < *count; i++) {
		lines[i] = list[i].data;
		if (strlen(list[i].data) != list[i].len || !is_line(list[i].data))
			imp_reading_break(reading, key);
	}
	return lines;
}

struct imp_sum imp_read_sum(struct imp_reading *reading, const json_t *object)
{
	return (struct imp_sum){
		.files = imp_read_bytes(reading, object, "files"),
		.disk_bytes = imp_read_bytes(reading, object, "disk_bytes"),
		.pull_bytes = imp_read_bytes(reading, object, "pull_bytes"),
	};
}

struct imp_digest imp_read_digest(struct imp_reading *reading, const json_t *object,
				  const char *key)
{
	struct imp_slice text = imp_json_get_string(object, key);
	struct imp_digest digest = {0};
	struct imp_error ignored = {0};

	if (text.len > 0 && imp_digest_parse(text, &digest, &ignored) < 0)
		imp_reading_break(reading, key);
	return digest;
}

bool imp_read_time(struct imp_reading *reading, const json_t *object, const char *key,
		   int64_t *out_ns)
{
	struct imp_slice text = imp_json_get_string(object, key);

	*out_ns = 0;
	if (text.len == 0)
		return false;
	if (imp_time_parse(text, out_ns))
		return true;
	imp_reading_break(reading, key);
	return false;
}

struct imp_platform imp_read_platform(struct imp_reading *reading, const json_t *object)
{
	const json_t *platform = imp_read_object(reading, object, "platform");
	return (struct imp_platform){
		.os = imp_read_word(reading, platform, "os"),
		.architecture = imp_read_word(reading, platform, "architecture"),
		.variant = imp_read_line_or_empty(reading, platform, "variant"),
	};
}

struct imp_base_image imp_read_base(struct imp_reading *reading, const json_t *object)
{
	const json_t *base = imp_read_object(reading, object, "base");

	return (struct imp_base_image){
		.origin = imp_read_enum(reading, base, "origin", enum imp_base_origin,
					IMP_BASE_GIVEN + 1, imp_base_origin_name),
		.name = imp_read_raw(reading, base, "name"),
		.digest = imp_read_digest(reading, base, "digest"),
		.layer_count =
			imp_read_number(reading, base, "layers", reading->limits->layers),
	};
}

struct imp_read_column imp_read_column(struct imp_reading *reading, const json_t *object,
				       const char *key, uint64_t most)
{
	struct imp_read_column column = {.reading = reading, .key = key, .most = most};

	imp_column_open(&column.reader, imp_json_get_string(object, key));
	return column;
}

uint64_t imp_column_take(struct imp_read_column *column)
{
	uint64_t value = 0;

	if (imp_column_next(&column->reader, &value) && value <= column->most)
		return value;
	imp_reading_break(column->reading, column->key);
	return 0;
}

uint32_t imp_column_take_optional(struct imp_read_column *column)
{
	return (uint32_t)imp_column_take(column) - 1;
}

void imp_column_end(struct imp_read_column *column)
{
	if (!imp_column_close(&column->reader))
		imp_reading_break(column->reading, column->key);
}
