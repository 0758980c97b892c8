#include "codec.h"

#include <stdlib.h>

#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/varint.h"

static bool read_number(struct imp_slice *rest, uint64_t *value)
{
	const uint8_t *start = (const uint8_t *)rest->data, *at = start;
	bool whole = imp_varint_take(&at, start + rest->len, value);

	*rest = imp_slice_skip(*rest, (size_t)(at - start));
	return whole;
}

uint64_t imp_codec_number(struct imp_codec *codec, uint64_t value, uint64_t max)
{
	if (codec->out) {
		imp_varint_add(codec->out, value);
		return value;
	}
	if (!codec->damaged && read_number(&codec->rest, &value) && value <= max)
		return value;
	codec->damaged = true;
	return 0;
}

bool imp_codec_flag(struct imp_codec *codec, bool value)
{
	return imp_codec_number(codec, value, 1) == 1;
}

static struct imp_slice take(struct imp_codec *codec, size_t len)
{
	struct imp_slice taken = imp_slice(codec->rest.data, len);

	codec->rest = imp_slice_skip(codec->rest, len);
	return imp_arena_copy(codec->arena, taken);
}

struct imp_slice imp_codec_bytes(struct imp_codec *codec, struct imp_slice value)
{
	uint64_t len = imp_codec_number(codec, value.len, codec->rest.len);

	if (codec->out) {
		imp_strbuf_add(codec->out, value.data, value.len);
		return value;
	}
	/* The length itself has taken from the rest. */
	codec->damaged |= len > codec->rest.len;
	return codec->damaged ? (struct imp_slice){0} : take(codec, (size_t)len);
}

const char *imp_codec_text(struct imp_codec *codec, const char *value)
{
	if (!imp_codec_flag(codec, value != NULL))
		return NULL;
	struct imp_slice text = imp_codec_bytes(codec, imp_slice_of(value));
	if (codec->out)
		return value;
	codec->damaged |= text.len > 0 && memchr(text.data, '\0', text.len);
	return codec->damaged ? NULL : text.data;
}

const char *imp_codec_line(struct imp_codec *codec, const char *value)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf escaped = {0};
	const char *text = imp_codec_text(codec, value);

	if (codec->out || !text)
		return text;
	imp_escape_terminal(&escaped, imp_slice_of(text));
	if (imp_slice_is(imp_strbuf_slice(&escaped), text))
		return text;
	codec->damaged = true;
	return NULL;
}

static void write_list(struct imp_codec *codec, const char *list, size_t count,
		       const struct imp_codec_element *element)
{
	imp_auto_free void *copy = imp_xmalloc(element->size);

	for (size_t i = 0; i < count; i++) {
		memcpy(copy, list + i * element->size, element->size);
		element->code(codec, copy);
	}
}

const void *imp_codec_list(struct imp_codec *codec, const void *list, size_t count,
			   const struct imp_codec_element *element)
{
	if (codec->out) {
		write_list(codec, list, count, element);
		return list;
	}
	codec->damaged |= count > codec->rest.len / element->least;
	if (codec->damaged)
		return NULL;
	char *elements = imp_arena_array(codec->arena, count + 1, element->size);
	for (size_t i = 0; i < count && !codec->damaged; i++)
		element->code(codec, elements + i * element->size);
	return elements;
}

static void code_bytes(struct imp_codec *codec, void *element)
{
	struct imp_slice *slice = element;

	*slice = imp_codec_bytes(codec, *slice);
}

static void code_line(struct imp_codec *codec, void *element)
{
	const char **line = element;

	*line = imp_codec_line(codec, *line);
}

static void code_flag(struct imp_codec *codec, void *element)
{
	bool *flag = element;

	*flag = imp_codec_flag(codec, *flag);
}

const struct imp_codec_element imp_codec_bytes_element = {sizeof(struct imp_slice), 1,
							  code_bytes};
const struct imp_codec_element imp_codec_line_element = {sizeof(char *), 1, code_line};
const struct imp_codec_element imp_codec_flag_element = {sizeof(bool), 1, code_flag};
