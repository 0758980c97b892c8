/* Terms that ask package managers instead of paths: "pkg:dpkg:*-dev?section=devel". */
#include "rules_priv.h"

#include "imgprof/units.h"

static const struct {
	const char *name;
	unsigned flag;
} flags[] = {
	{"dev", IMP_PACKAGE_DEV},
	{"dev-optional", IMP_PACKAGE_DEV_OPTIONAL},
	{"optional", IMP_PACKAGE_OPTIONAL},
	{"peer", IMP_PACKAGE_PEER},
	{"extraneous", IMP_PACKAGE_EXTRANEOUS},
	{"weak", IMP_PACKAGE_WEAK},
	{"virtual", IMP_PACKAGE_VIRTUAL},
	{"debug-symbols", IMP_PACKAGE_DEBUG_SYMBOLS},
	{"foreign", IMP_PACKAGE_FOREIGN},
};

static int add_flags(struct imp_package_term *term, struct imp_slice names,
		     struct imp_error *err)
{
	while (names.data) {
		struct imp_slice name = imp_slice_cut(&names, ',');
		unsigned found = 0;
		for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
			if (imp_slice_is(name, flags[i].name))
				found = flags[i].flag;
		if (!found)
			return imp_fail(err, IMP_E_USAGE, "unknown flag '%.*s'",
					(int)name.len, name.data);
		term->flags |= found;
	}
	return 0;
}

static int add_texts(struct imp_texts *texts, struct imp_slice names,
		     struct imp_arena *arena, struct imp_error *err)
{
	while (names.data) {
		struct imp_slice name = imp_slice_cut(&names, ',');
		if (name.len == 0)
			return imp_fail(err, IMP_E_USAGE, "an empty name in a condition");
		imp_texts_add(texts, imp_arena_copy(arena, name));
	}
	return 0;
}

static int set_over(struct imp_package_term *term, struct imp_slice size,
		    struct imp_error *err)
{
	if (imp_size_parse(size, &term->over_bytes))
		return 0;
	return imp_fail(err, IMP_E_USAGE, "'over=%.*s' is no size", (int)size.len,
			size.data);
}

static int add_value(struct imp_package_term *term, struct imp_slice word,
		     struct imp_slice value, struct imp_arena *arena,
		     struct imp_error *err)
{
	if (imp_slice_is(word, "flag"))
		return add_flags(term, value, err);
	if (imp_slice_is(word, "over"))
		return set_over(term, value, err);
	if (imp_slice_is(word, "section"))
		return add_texts(&term->sections, value, arena, err);
	if (imp_slice_is(word, "tool"))
		return add_texts(&term->tools, value, arena, err);
	return imp_fail(err, IMP_E_USAGE, "unknown condition '%.*s=' of a package",
			(int)word.len, word.data);
}

static bool *word_of(struct imp_package_term *term, struct imp_slice word)
{
	if (imp_slice_is(word, "orphan"))
		return &term->orphan;
	if (imp_slice_is(word, "weakly"))
		return &term->weakly;
	if (imp_slice_is(word, "twin"))
		return &term->twin;
	return imp_slice_is(word, "documentation") ? &term->documentation : NULL;
}

int imp_package_condition_add(struct imp_package_term *term, struct imp_slice text,
			      struct imp_arena *arena, struct imp_error *err)
{
	struct imp_slice value = text;
	struct imp_slice word = imp_slice_cut(&value, '=');
	bool *set = value.data ? NULL : word_of(term, word);

	if (value.data)
		return add_value(term, word, value, arena, err);
	if (!set || (set == &term->documentation) != term->of_files)
		return imp_fail(err, IMP_E_USAGE, "unknown condition '%.*s' of %s",
				(int)word.len, word.data,
				term->of_files ? "a package's files" : "a package");
	*set = true;
	return 0;
}

static int add_globs(struct imp_package_term *term, struct imp_slice text,
		     struct imp_arena *arena, struct imp_error *err)
{
	imp_auto(imp_texts_finish) struct imp_texts texts = {0};
	int rc = imp_braces_expand(text, arena, &texts, err);

	for (size_t i = 0; rc == 0 && i < texts.count; i++) {
		struct imp_slice glob;
		if (texts.list[i].len == 0)
			return imp_fail(err, IMP_E_USAGE, "a package's name is missing");
		rc = imp_glob_parse(texts.list[i], arena, &glob, err);
		if (rc == 0)
			imp_texts_add(&term->globs, glob);
	}
	return rc;
}

int imp_package_term_parse(struct imp_slice text, struct imp_package_term *out,
			   struct imp_arena *arena, struct imp_error *err)
{
	struct imp_slice name = text;
	struct imp_slice kind = imp_slice_cut(&name, ':');
	struct imp_slice manager = imp_slice_cut(&name, ':');

	*out = (struct imp_package_term){.of_files = imp_slice_is(kind, "files")};
	if (!imp_manager_parse(manager, &out->manager))
		return imp_fail(err, IMP_E_USAGE, "unknown package manager '%.*s'",
				(int)manager.len, manager.data);
	if (out->of_files && !name.data)
		return 0;
	if (out->of_files)
		return imp_fail(err, IMP_E_USAGE, "'files:' takes a manager alone");
	if (!name.data)
		return imp_fail(err, IMP_E_USAGE, "expected pkg:MANAGER:NAME");
	return add_globs(out, name, arena, err);
}

void imp_package_term_finish(struct imp_package_term *term)
{
	if (!term)
		return;
	imp_texts_finish(&term->globs);
	imp_texts_finish(&term->sections);
	imp_texts_finish(&term->tools);
}
