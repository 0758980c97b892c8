#include "inventory.h"

/* What the specification leaves as it is; all else is percent-coded, byte by byte. */
static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr(".-_~:", c));
}

static void add_coded(struct imp_strbuf *out, struct imp_slice text, bool with_slashes)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (is_plain(c) || (with_slashes && c == '/'))
			imp_strbuf_add_char(out, c);
		else
			imp_strbuf_printf(out, "%%%02X", (unsigned char)c);
	}
}

void imp_purl_add_coded(struct imp_strbuf *out, struct imp_slice text)
{
	add_coded(out, text, false);
}

const char *imp_purl(struct imp_inventory *inventory, const char *type,
		     struct imp_slice namespace, struct imp_slice name,
		     struct imp_slice version, const char *qualifiers)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	imp_strbuf_printf(&out, "pkg:%s/", type);
	if (namespace.len > 0) {
		add_coded(&out, namespace, true);
		imp_strbuf_add_char(&out, '/');
	}
	add_coded(&out, name, false);
	if (version.len > 0) {
		imp_strbuf_add_char(&out, '@');
		add_coded(&out, version, false);
	}
	if (qualifiers && qualifiers[0])
		imp_strbuf_printf(&out, "?%s", qualifiers);
	return imp_arena_copy(imp_inventory_arena(inventory), imp_strbuf_slice(&out))
		.data;
}

const char *imp_purl_system(struct imp_inventory *inventory, const char *type,
			    const char *os, struct imp_slice name,
			    struct imp_slice version, struct imp_slice architecture)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf qualifiers = {0};
	struct imp_slice id = imp_inventory_os(inventory);

	if (architecture.len > 0) {
		imp_strbuf_add_text(&qualifiers, "arch=");
		add_coded(&qualifiers, architecture, false);
	}
	return imp_purl(inventory, type, id.len > 0 ? id : imp_slice_of(os), name,
			version, qualifiers.data);
}

const char *imp_purl_scoped(struct imp_inventory *inventory, const char *type,
			    struct imp_slice name, struct imp_slice version)
{
	struct imp_slice scope = IMP_SLICE("");

	if (name.len > 0 && memchr(name.data, '/', name.len))
		scope = imp_slice_cut(&name, '/');
	return imp_purl(inventory, type, scope, name, version, NULL);
}
