#include "profile_format.h"

void imp_text_add(struct imp_strbuf *out, struct imp_slice text)
{
	imp_varint_add(out, text.len);
	imp_strbuf_add_slice(out, text);
}

uint8_t imp_byte_read(struct imp_part_reader *in)
{
	if (in->at == in->end) {
		in->bad = true;
		return 0;
	}
	return *in->at++;
}

uint64_t imp_varint_read(struct imp_part_reader *in)
{
	uint64_t value;

	if (imp_varint_take(&in->at, in->end, &value))
		return value;
	in->bad = true;
	return 0;
}

struct imp_slice imp_bytes_read(struct imp_part_reader *in, uint64_t len)
{
	if (len > (uint64_t)(in->end - in->at)) {
		in->bad = true;
		return imp_slice("", 0);
	}
	struct imp_slice bytes = imp_slice((const char *)in->at, (size_t)len);
	in->at += len;
	return bytes;
}

struct imp_slice imp_text_read(struct imp_part_reader *in)
{
	return imp_bytes_read(in, imp_varint_read(in));
}

void imp_profile_usual_name(const struct imp_entry *entry, struct imp_strbuf *out)
{
	struct imp_slice base = imp_slice_basename(entry->path);

	imp_strbuf_reset(out);
	if (entry->type == IMP_ENTRY_WHITEOUT && !entry->inert) {
		imp_strbuf_add(out, entry->path.data, entry->path.len - base.len);
		imp_strbuf_add_text(out, ".wh.");
		imp_strbuf_add_slice(out, base);
		return;
	}
	imp_strbuf_add_slice(out, entry->path);
	if (entry->type != IMP_ENTRY_OPAQUE || entry->inert)
		return;
	if (out->len > 0)
		imp_strbuf_add_char(out, '/');
	imp_strbuf_add_text(out, ".wh..wh..opq");
}

void imp_profile_spell(struct imp_slice usual, unsigned spelling, struct imp_strbuf *out)
{
	unsigned front = spelling & ~(unsigned)IMP_SPELLING_SLASH;

	imp_strbuf_reset(out);
	if (front == IMP_SPELLING_DOT)
		imp_strbuf_add_text(out, "./");
	else if (front == IMP_SPELLING_ROOT)
		imp_strbuf_add_text(out, "/");
	imp_strbuf_add_slice(out, usual);
	if (spelling & IMP_SPELLING_SLASH)
		imp_strbuf_add_char(out, '/');
}
