#include "facts_imports.h"

#include <xxhash.h>

void imp_imports_reset(struct imp_imports *imports)
{
	for (size_t i = 0; i < imports->count; i++)
		imports->slots[imports->slot_of[i]] = 0;
	imp_strbuf_reset(&imports->text);
	imports->count = 0;
	imports->cut = false;
}

void imp_imports_finish(struct imp_imports *imports)
{
	imp_strbuf_finish(&imports->text);
}

static bool is_name(struct imp_slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.data[i] < ' ')
			return false;
	return name.len > 0 && name.len <= IMP_IMPORT_BYTES;
}

static struct imp_slice name_at(const struct imp_imports *imports, size_t i)
{
	/* What is being added stands behind the last: the NUL tells the end. */
	return imp_slice_of(imports->text.data + imports->starts[i]);
}

/* Where NAME stands or belongs. */
static uint16_t *find_slot(struct imp_imports *imports, struct imp_slice name)
{
	size_t slot = XXH3_64bits(name.data, name.len) % IMP_IMPORTS_SLOTS;
	while (imports->slots[slot] != 0 &&
	       !imp_slice_equal(name_at(imports, imports->slots[slot] - 1u), name))
		slot = (slot + 1) % IMP_IMPORTS_SLOTS;
	return &imports->slots[slot];
}

void imp_imports_add(struct imp_imports *imports, struct imp_slice front,
		     struct imp_slice name)
{
	size_t start = imports->text.len;

	if (!is_name(name) || front.len + name.len > IMP_IMPORT_BYTES)
		return;
	imp_strbuf_add_slice(&imports->text, front);
	imp_strbuf_add_slice(&imports->text, name);
	struct imp_slice whole = imp_slice_skip(imp_strbuf_slice(&imports->text), start);
	uint16_t *slot = find_slot(imports, whole);
	if (*slot != 0 || imports->count == IMP_IMPORTS_MOST) {
		imports->cut |= *slot == 0;
		imp_strbuf_truncate(&imports->text, start);
		return;
	}
	imp_strbuf_add_char(&imports->text, '\0');
	imports->slot_of[imports->count] = (uint16_t)(slot - imports->slots);
	imports->starts[imports->count++] = (uint32_t)start;
	*slot = (uint16_t)imports->count;
}
