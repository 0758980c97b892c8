#include "profile_facts.h"

enum {
	KIND_MASK = 0x3f,
	HAS_IMPORTS = 0x40,
	IMPORTS_CUT = 0x80,
	DYNAMIC_UNKNOWN = 1,
	IS_GO = 2,
	IS_RUST = 4,
	KNOWN_FLAGS = 7,
};

static void encode_elf(const struct imp_elf *elf, struct imp_strbuf *out)
{
	imp_strbuf_add_char(out, (char)elf->type);
	imp_varint_add(out, elf->machine);
	imp_strbuf_add_char(out, (char)elf->bits);
	imp_strbuf_add_char(out, (char)(elf->dynamic_unknown * DYNAMIC_UNKNOWN |
					elf->go * IS_GO | elf->rust * IS_RUST));
	imp_text_add(out, elf->interpreter);
	imp_text_add(out, elf->soname);
	imp_text_add(out, elf->rpath);
	imp_text_add(out, elf->runpath);
	imp_text_add(out, elf->needed);
	imp_varint_add(out, elf->strip_bytes);
	imp_varint_add(out, elf->fatbin_bytes);
	imp_text_add(out, elf->go_modules);
	imp_text_add(out, elf->rust_deps);
}

void imp_fact_encode(const struct imp_fact *fact, struct imp_strbuf *out)
{
	unsigned head = fact->kind;

	if (fact->imports.len > 0)
		head |= HAS_IMPORTS;
	if (fact->imports_cut)
		head |= IMPORTS_CUT;
	imp_strbuf_add_char(out, (char)head);
	if (fact->kind == IMP_CONTENT_SCRIPT)
		imp_text_add(out, fact->interpreter);
	if (fact->kind == IMP_CONTENT_ELF)
		encode_elf(fact->elf, out);
	if (fact->imports.len > 0)
		imp_text_add(out, fact->imports);
}

/* Texts, each with a NUL behind it and none empty. */
static bool is_list(struct imp_slice list)
{
	if (list.len == 0)
		return true;
	if (list.data[0] == '\0' || list.data[list.len - 1] != '\0')
		return false;
	for (size_t i = 1; i < list.len; i++)
		if (list.data[i] == '\0' && list.data[i - 1] == '\0')
			return false;
	return true;
}

static const struct imp_elf *decode_elf(struct imp_part_reader *in,
					struct imp_arena *arena)
{
	struct imp_elf *elf = imp_arena_alloc(arena, sizeof(*elf));
	unsigned type = imp_byte_read(in);
	uint64_t machine = imp_varint_read(in);
	elf->bits = imp_byte_read(in);
	unsigned flags = imp_byte_read(in);

	elf->type = (enum imp_elf_type)type;
	elf->machine = (uint16_t)machine;
	elf->dynamic_unknown = flags & DYNAMIC_UNKNOWN;
	elf->go = flags & IS_GO;
	elf->rust = flags & IS_RUST;
	elf->interpreter = imp_text_read(in);
	elf->soname = imp_text_read(in);
	elf->rpath = imp_text_read(in);
	elf->runpath = imp_text_read(in);
	elf->needed = imp_text_read(in);
	elf->strip_bytes = imp_varint_read(in);
	elf->fatbin_bytes = imp_varint_read(in);
	elf->go_modules = imp_text_read(in);
	elf->rust_deps = imp_text_read(in);
	in->bad |= type > IMP_ELF_CORE || machine > UINT16_MAX || flags > KNOWN_FLAGS ||
		   (elf->bits != 32 && elf->bits != 64) || !is_list(elf->needed);
	return elf;
}

void imp_fact_decode(struct imp_part_reader *in, struct imp_arena *arena,
		     struct imp_fact *fact)
{
	unsigned head = imp_byte_read(in), kind = head & KIND_MASK;

	fact->interpreter = fact->imports = imp_slice("", 0);
	fact->elf = NULL;
	fact->kind = (enum imp_content_kind)kind;
	if (kind >= IMP_CONTENT_KINDS ||
	    (kind == IMP_CONTENT_OTHER && !(head & HAS_IMPORTS))) {
		in->bad = true;
		return;
	}
	if (kind == IMP_CONTENT_SCRIPT)
		fact->interpreter = imp_text_read(in);
	if (kind == IMP_CONTENT_ELF)
		fact->elf = decode_elf(in, arena);
	if (head & HAS_IMPORTS)
		fact->imports = imp_text_read(in);
	fact->imports_cut = head & IMPORTS_CUT;
	in->bad |= (head & HAS_IMPORTS) && fact->imports.len == 0;
	in->bad |= fact->imports_cut && fact->imports.len == 0;
	in->bad |= !is_list(fact->imports);
}
