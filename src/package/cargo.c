#include "cargo.h"

#include <zlib.h>

#include "imgprof/json.h"
#include "readers.h"

static int inflate_all(z_stream *stream, struct imp_strbuf *out, struct imp_error *err)
{
	enum { CHUNK_BYTES = 64 << 10 };
	size_t start = out->len;
	int rc = Z_OK;

	while (rc == Z_OK) {
		if (out->len - start > IMP_CARGO_MAX_BYTES)
			return imp_fail(err, IMP_E_LIMIT, "more than %d bytes of crates",
					IMP_CARGO_MAX_BYTES);
		stream->next_out = (Bytef *)imp_strbuf_reserve(out, CHUNK_BYTES);
		stream->avail_out = CHUNK_BYTES;
		rc = inflate(stream, Z_NO_FLUSH);
		out->len += CHUNK_BYTES - stream->avail_out;
	}
	return rc == Z_STREAM_END ? 0 : imp_fail(err, IMP_E_FORMAT, "damaged zlib data");
}

int imp_cargo_unpack(struct imp_slice packed, struct imp_strbuf *out,
		     struct imp_error *err)
{
	z_stream stream = {0};
	imp_auto_free unsigned char *input = imp_xmalloc(packed.len);

	if (packed.len > IMP_CARGO_MAX_BYTES)
		return imp_fail(err, IMP_E_LIMIT, "more than %d bytes of crates",
				IMP_CARGO_MAX_BYTES);
	if (packed.len > 0)
		memcpy(input, packed.data, packed.len);
	if (inflateInit(&stream) != Z_OK)
		return imp_fail(err, IMP_E_SYSTEM, "zlib does not start");
	stream.next_in = input;
	stream.avail_in = (uInt)packed.len;
	int rc = inflate_all(&stream, out, err);
	inflateEnd(&stream);
	return rc;
}

struct cargo {
	struct imp_inventory *inventory;
	uint32_t group;
	struct imp_map seen; /* "NAME@VERSION": package */
};

/* Programs of one image share crates: one package a version. Needed to build only where
 * every program says so. */
static uint32_t find_crate(struct cargo *cargo, const json_t *crate, uint32_t node)
{
	struct imp_arena *arena = imp_inventory_arena(cargo->inventory);
	struct imp_slice name = imp_json_get_string(crate, "name");
	struct imp_slice version = imp_json_get_string(crate, "version");
	bool build = imp_slice_is(imp_json_get_string(crate, "kind"), "build");
	imp_auto(imp_strbuf_finish) struct imp_strbuf key = {0};
	uint64_t place;

	if (name.len == 0)
		return IMP_NONE;
	imp_strbuf_add_slice(&key, name);
	imp_strbuf_add_char(&key, '@');
	imp_strbuf_add_slice(&key, version);
	if (imp_map_get(&cargo->seen, imp_strbuf_slice(&key), &place)) {
		if (!build)
			imp_inventory_get(cargo->inventory, (uint32_t)place)->flags &=
				~(unsigned)IMP_PACKAGE_DEV;
		return (uint32_t)place;
	}
	struct imp_package package = {
		.manager = IMP_MANAGER_CARGO,
		.name = imp_arena_copy(arena, name),
		.version = imp_arena_copy(arena, version),
		.purl = imp_purl(cargo->inventory, "cargo", IMP_SLICE(""), name, version,
				 NULL),
		.database = node,
		.home = IMP_NONE,
		.group = cargo->group,
		.flags = build ? IMP_PACKAGE_DEV : 0,
		.twin = IMP_NONE,
	};
	place = imp_inventory_add(cargo->inventory, &package);
	if (place != IMP_NONE)
		imp_map_set(&cargo->seen, imp_arena_copy(arena, imp_strbuf_slice(&key)),
			    place);
	return (uint32_t)place;
}

static void link_crate(struct cargo *cargo, const json_t *crate, uint32_t package,
		       const uint32_t *places, size_t count)
{
	json_t *dependencies = imp_json_get_array(crate, "dependencies");

	for (size_t i = 0; i < json_array_size(dependencies); i++) {
		json_int_t to = json_integer_value(json_array_get(dependencies, i));
		if (to >= 0 && (size_t)to < count)
			imp_inventory_need(cargo->inventory, package, places[to],
					   IMP_DEPENDENCY_HARD, (uint32_t)i);
	}
}

static void read_crates(struct cargo *cargo, const json_t *document, uint32_t node)
{
	json_t *crates = imp_json_get_array(document, "packages");
	size_t count = json_array_size(crates);
	imp_auto_free uint32_t *places = imp_xcalloc(count + 1, sizeof(*places));

	for (size_t i = 0; i < count; i++) {
		const json_t *crate = json_array_get(crates, i);
		places[i] = find_crate(cargo, crate, node);
		if (places[i] == IMP_NONE || !imp_json_get_bool(crate, "root", false))
			continue;
		imp_inventory_own(cargo->inventory, places[i], node);
		imp_inventory_get(cargo->inventory, places[i])->flags |= IMP_PACKAGE_ROOT;
	}
	for (size_t i = 0; i < count; i++)
		link_crate(cargo, json_array_get(crates, i), places[i], places, count);
}

static int read_program(struct cargo *cargo, struct imp_slice packed, uint32_t node,
			struct imp_error *err)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	imp_auto_json json_t *document = NULL;
	int rc = imp_cargo_unpack(packed, &text, err);

	if (rc < 0)
		return rc;
	rc = imp_json_parse(imp_strbuf_slice(&text),
			    imp_inventory_input(cargo->inventory)->limits, "crates",
			    &document, err);
	if (rc < 0)
		return rc;
	read_crates(cargo, document, node);
	return 0;
}

static void read_elf(struct cargo *cargo, struct imp_slice packed, uint32_t node)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};
	struct imp_error err = {0};

	if (cargo->seen.count == 0)
		cargo->group = imp_inventory_group(cargo->inventory);
	if (read_program(cargo, packed, node, &err) == 0)
		return;
	imp_tree_path(imp_inventory_input(cargo->inventory)->tree, node, &path);
	imp_inventory_unreadable(cargo->inventory, IMP_MANAGER_CARGO,
				 imp_strbuf_slice(&path),
				 "its list of crates cannot be unpacked");
}

void imp_cargo_read(struct imp_inventory *inventory)
{
	const struct imp_packages_input *input = imp_inventory_input(inventory);
	struct cargo cargo = {.inventory = inventory};

	for (uint32_t r = 0; r < imp_tree_record_count(input->tree); r++) {
		const struct imp_fact *fact = imp_contents_fact(input->contents, r);
		const struct imp_record *record = imp_tree_record(input->tree, r);
		if (fact && fact->elf && fact->elf->rust_deps.len > 0 &&
		    record->fate == IMP_FATE_LIVE)
			read_elf(&cargo, fact->elf->rust_deps, record->node);
	}
	imp_map_finish(&cargo.seen);
}
