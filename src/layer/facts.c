#include "facts.h"

#include "facts_kind.h"
#include "keep.h"
#include "profile_facts.h"

void imp_gather_init(struct imp_gather *gather)
{
	*gather = (struct imp_gather){.scripts_left = IMP_KEEP_SCRIPTS_BYTES};
}

void imp_gather_finish(struct imp_gather *gather)
{
	imp_strbuf_finish(&gather->text);
	imp_strbuf_finish(&gather->fact);
	imp_strbuf_finish(&gather->kept);
	imp_elf_finish(&gather->elf);
	imp_imports_finish(&gather->imports);
}

void imp_gather_skip(struct imp_gather *gather)
{
	gather->state = IMP_GATHER_NOTHING;
	imp_strbuf_reset(&gather->text);
	imp_strbuf_reset(&gather->fact);
	imp_strbuf_reset(&gather->kept);
}

void imp_gather_begin(struct imp_gather *gather, struct imp_slice path,
		      uint64_t disk_bytes)
{
	imp_gather_skip(gather);
	gather->state = IMP_GATHER_HEAD;
	gather->path = path;
	gather->disk_bytes = disk_bytes;
	gather->want = disk_bytes < IMP_KIND_HEAD_BYTES ? (size_t)disk_bytes
							: IMP_KIND_HEAD_BYTES;
	gather->python = gather->javascript = false;
	gather->secret = IMP_SECRET_NOT;
	imp_imports_reset(&gather->imports);
}

static bool has_suffix(struct imp_slice path, const char *const *suffixes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (imp_slice_ends(path, imp_slice_of(suffixes[i])))
			return true;
	return false;
}

static bool is_javascript(struct imp_slice path)
{
	static const char *const plain[] = {".js", ".mjs", ".cjs"};
	static const char *const typed[] = {".ts", ".tsx", ".jsx", ".mts", ".cts"};
	static const char *const declared[] = {".d.ts", ".d.mts", ".d.cts"};

	/* Minified files and what Next.js sends are for browsers. */
	if (imp_slice_ends(path, IMP_SLICE(".min.js")) ||
	    memmem(path.data, path.len, "/.next/static/", 14))
		return false;
	if (has_suffix(path, plain, 3))
		return true;
	return has_suffix(path, typed, 5) && !has_suffix(path, declared, 3) &&
	       !memmem(path.data, path.len, "node_modules/", 13);
}

/* Not below a folder of packages. */
static bool is_project(struct imp_slice path)
{
	static const struct imp_slice folders[] = {
		{"node_modules/", 13}, {"site-packages/", 14}, {"dist-packages/", 14}};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (memmem(path.data, path.len, folders[i].data, folders[i].len))
			return false;
	return true;
}

static void choose_language(struct imp_gather *gather, struct imp_slice interpreter)
{
	struct imp_slice program = imp_layer_script_program(interpreter);

	gather->python = imp_slice_ends(gather->path, IMP_SLICE(".py")) ||
			 imp_layer_runs_python(program);
	gather->javascript = !gather->python && (is_javascript(gather->path) ||
						 imp_layer_runs_node(program));
}

/* How much of a file to hold, once its first bytes are there. */
static size_t want_of(struct imp_gather *gather, struct imp_slice head)
{
	struct imp_slice interpreter = imp_layer_interpreter(head);
	uint64_t want = 0;

	choose_language(gather, interpreter);
	gather->secret = imp_layer_secret_file(gather->path);
	if (gather->kind == IMP_CONTENT_SCRIPT)
		want = IMP_KEEP_SOURCE_BYTES;
	if (gather->secret != IMP_SECRET_NOT)
		want = IMP_SECRET_SCANNED;
	if (gather->python || gather->javascript)
		want = IMP_IMPORTS_SCANNED;
	if (want < head.len)
		want = head.len;
	return want < gather->disk_bytes ? (size_t)want : (size_t)gather->disk_bytes;
}

static void keep_script(struct imp_gather *gather, struct imp_slice text,
			struct imp_slice interpreter)
{
	size_t most =
		gather->disk_bytes < SIZE_MAX ? (size_t)gather->disk_bytes : SIZE_MAX;
	size_t bytes = imp_layer_keep_script(gather->path, interpreter, most);

	if (bytes == 0 || bytes > text.len || bytes > gather->scripts_left ||
	    gather->secret != IMP_SECRET_NOT)
		return;
	imp_strbuf_add(&gather->kept, text.data, bytes);
	gather->scripts_left -= bytes;
}

static void read_text(struct imp_gather *gather, struct imp_slice text)
{
	struct imp_fact fact = {.kind = gather->kind};

	gather->state = IMP_GATHER_NOTHING;
	if (gather->python)
		imp_imports_python(&gather->imports, text);
	if (gather->javascript)
		imp_imports_javascript(&gather->imports, text);
	if ((gather->python || gather->javascript) && is_project(gather->path))
		imp_imports_settings(&gather->imports, text, gather->python);
	if (gather->kind == IMP_CONTENT_SCRIPT) {
		fact.interpreter = imp_layer_interpreter(text);
		keep_script(gather, text, fact.interpreter);
	}
	if (fact.kind == IMP_CONTENT_OTHER &&
	    imp_layer_holds_secret(gather->secret, text, &gather->imports))
		fact.kind = IMP_CONTENT_CREDENTIALS;
	fact.imports = imp_strbuf_slice(&gather->imports.text);
	fact.imports_cut = gather->imports.cut;
	if (fact.kind != IMP_CONTENT_OTHER || fact.imports.len > 0)
		imp_fact_encode(&fact, &gather->fact);
}

/* HEAD: the first bytes. Leaves the state at ELF or TEXT. */
static void decide(struct imp_gather *gather, struct imp_slice head)
{
	gather->kind = imp_layer_kind(head, gather->disk_bytes);
	if (gather->kind == IMP_CONTENT_ELF) {
		gather->state = IMP_GATHER_ELF;
		imp_elf_begin(&gather->elf, gather->disk_bytes);
		return;
	}
	gather->state = IMP_GATHER_TEXT;
	gather->want = want_of(gather, head);
}

static void hold(struct imp_gather *gather, const char *data, size_t len)
{
	size_t room = gather->want - gather->text.len;
	imp_strbuf_add(&gather->text, data, len < room ? len : room);
}

static void take(struct imp_gather *gather, const char *data, size_t len)
{
	if (gather->state == IMP_GATHER_ELF) {
		imp_elf_add(&gather->elf, data, len);
		return;
	}
	/* Most files come in one piece: no copy. */
	if (gather->text.len == 0 && len >= gather->want) {
		read_text(gather, imp_slice(data, gather->want));
		return;
	}
	hold(gather, data, len);
	if (gather->text.len == gather->want)
		read_text(gather, imp_strbuf_slice(&gather->text));
}

static void take_head(struct imp_gather *gather, const char *data, size_t len)
{
	size_t room = gather->want - gather->text.len;
	size_t n = len < room ? len : room;

	if (gather->text.len == 0 && len >= gather->want) {
		decide(gather, imp_slice(data, gather->want));
		take(gather, data, len);
		return;
	}
	hold(gather, data, n);
	if (gather->text.len < gather->want)
		return;
	decide(gather, imp_strbuf_slice(&gather->text));
	if (gather->state == IMP_GATHER_ELF)
		imp_elf_add(&gather->elf, gather->text.data, gather->text.len);
	take(gather, data + n, len - n);
}

void imp_gather_add(struct imp_gather *gather, const void *data, size_t len)
{
	if (gather->state == IMP_GATHER_NOTHING || len == 0)
		return;
	if (gather->state == IMP_GATHER_HEAD)
		take_head(gather, data, len);
	else
		take(gather, data, len);
}

void imp_gather_end(struct imp_gather *gather)
{
	struct imp_elf elf;
	struct imp_fact fact = {.kind = IMP_CONTENT_ELF, .elf = &elf};

	if (gather->state == IMP_GATHER_ELF &&
	    imp_elf_end(&gather->elf, gather->path, &elf))
		imp_fact_encode(&fact, &gather->fact);
	gather->state = IMP_GATHER_NOTHING;
}
