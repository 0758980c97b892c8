/* Conditions of a term: how they are written, and what they say in words. */
#include "rules_priv.h"

#include "imgprof/units.h"

enum argument {
	NO_ARGUMENT,
	NAMES, /* without "*" */
	GLOBS,
	SIZE,
	CONTENT_KINDS
};

static const struct {
	const char *name;
	enum imp_condition_kind kind;
	enum argument argument;
	const char *words; /* before the names; "" for what goes without saying */
} kinds[] = {
	{"has", IMP_CONDITION_HAS, NAMES, ", and has"},
	{"holds", IMP_CONDITION_HOLDS, GLOBS, ", with files such as"},
	{"lacks", IMP_CONDITION_LACKS, NAMES, ", and beside it is no"},
	{"beside", IMP_CONDITION_BESIDE, GLOBS, ", beside one of"},
	{"inside", IMP_CONDITION_INSIDE, GLOBS, ", in a folder with one of"},
	{"outside", IMP_CONDITION_OUTSIDE, GLOBS, ", in no folder with"},
	{"exists", IMP_CONDITION_EXISTS, NAMES, ", and the image has one of"},
	{"package", IMP_CONDITION_PACKAGE, GLOBS, ", in a package with one of"},
	{"package-holds", IMP_CONDITION_PACKAGE_HOLDS, GLOBS,
	 ", in a package with files such as"},
	{"source", IMP_CONDITION_SOURCE, NO_ARGUMENT, ", and the .py of each is there"},
	{"twin", IMP_CONDITION_TWIN, NAMES, ", beside the same name with"},
	{"single", IMP_CONDITION_SINGLE, NAMES, ", and not beside the same name with"},
	{"stem", IMP_CONDITION_STEM, NAMES, ", beside what was built from it:"},
	{"copy-in", IMP_CONDITION_COPY_IN, NAMES, ", with the same content in"},
	{"unpacked", IMP_CONDITION_UNPACKED, NO_ARGUMENT, ", unpacked beside it"},
	{"foreign", IMP_CONDITION_FOREIGN, NO_ARGUMENT,
	 ", a language that neither LANG, LC_* nor the project's settings name"},
	{"alien", IMP_CONDITION_ALIEN, NO_ARGUMENT,
	 ", made for another system, CPU or libc"},
	{"nonempty", IMP_CONDITION_NONEMPTY, NO_ARGUMENT, ""},
	{"over", IMP_CONDITION_OVER, SIZE, ", larger than"},
	{"under", IMP_CONDITION_UNDER, SIZE, ", smaller than"},
	{"kind", IMP_CONDITION_KIND, CONTENT_KINDS, ", by content"},
	{"owned", IMP_CONDITION_OWNED, NO_ARGUMENT, ", listed by a package manager"},
	{"unset", IMP_CONDITION_UNSET, NAMES, ", and no variable"},
	{"named-elsewhere", IMP_CONDITION_NAMED_ELSEWHERE, NO_ARGUMENT,
	 ", and a variable names another browser"},
	{"starts", IMP_CONDITION_STARTS, NAMES, ", and the image starts"},
	{"idle", IMP_CONDITION_IDLE, NAMES, ", and nothing starts"},
	{"unimported", IMP_CONDITION_UNIMPORTED, NO_ARGUMENT,
	 ", and nothing that runs imports them"},
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static int parse_names(struct imp_slice names, bool globs,
		       struct imp_condition *condition, struct imp_arena *arena,
		       struct imp_error *err)
{
	while (names.data) {
		struct imp_slice glob;
		struct imp_slice name = imp_slice_cut(&names, ',');
		if (name.len == 0)
			return imp_fail(err, IMP_E_USAGE, "an empty name in a condition");
		int rc = imp_glob_parse(name, arena, &glob, err);
		if (rc < 0)
			return rc;
		if (!globs && memchr(glob.data, '\0', glob.len))
			return imp_fail(err, IMP_E_USAGE,
					"'*' works in holds=, package-holds=, "
					"beside=, inside=, outside= and package= only");
		imp_texts_add(&condition->names, glob);
	}
	return 0;
}

static int parse_size(struct imp_slice text, struct imp_condition *condition,
		      struct imp_error *err)
{
	if (imp_size_parse(text, &condition->number))
		return 0;
	return imp_fail(err, IMP_E_USAGE, "'%.*s' is no size", (int)text.len, text.data);
}

/* The kinds of content that a rule may ask for: bits of enum imp_content_kind, and above them
 * those of enum imp_elf_type. */
static const struct {
	const char *name;
	uint64_t bits;
} contents[] = {
	{"elf", UINT64_C(1) << IMP_CONTENT_ELF},
	{"elf-rel", UINT64_C(1) << (IMP_CONTENT_KINDS + IMP_ELF_RELOCATABLE)},
	{"elf-core", UINT64_C(1) << (IMP_CONTENT_KINDS + IMP_ELF_CORE)},
	{"script", UINT64_C(1) << IMP_CONTENT_SCRIPT},
	{"ar", UINT64_C(1) << IMP_CONTENT_AR},
	{"coff", UINT64_C(1) << IMP_CONTENT_COFF},
	{"pdb", UINT64_C(1) << IMP_CONTENT_PDB},
	{"gcov", UINT64_C(1) << IMP_CONTENT_GCOV},
	{"libtool", UINT64_C(1) << IMP_CONTENT_LIBTOOL},
	{"private-key", UINT64_C(1) << IMP_CONTENT_PRIVATE_KEY},
	{"credentials", UINT64_C(1) << IMP_CONTENT_CREDENTIALS},
	{"cachedir", UINT64_C(1) << IMP_CONTENT_CACHEDIR},
	{"xml-doc", UINT64_C(1) << IMP_CONTENT_XML_DOC},
};

static int parse_contents(struct imp_slice text, struct imp_condition *condition,
			  struct imp_error *err)
{
	for (size_t n = 0; n < condition->names.count; n++) {
		struct imp_slice word = condition->names.list[n];
		size_t i = 0;
		while (i < sizeof(contents) / sizeof(*contents) &&
		       !imp_slice_is(word, contents[i].name))
			i++;
		if (i == sizeof(contents) / sizeof(*contents))
			return imp_fail(err, IMP_E_USAGE, "unknown kind in '%.*s'",
					(int)text.len, text.data);
		condition->number |= contents[i].bits;
	}
	return 0;
}

static int parse_argument(enum argument argument, struct imp_slice text,
			  struct imp_condition *out, struct imp_arena *arena,
			  struct imp_error *err)
{
	if (argument == SIZE)
		return parse_size(text, out, err);
	int rc = parse_names(text, argument == GLOBS, out, arena, err);
	return rc == 0 && argument == CONTENT_KINDS ? parse_contents(text, out, err) : rc;
}

int imp_condition_parse(struct imp_slice text, struct imp_arena *arena,
			struct imp_condition *out, struct imp_error *err)
{
	struct imp_slice names = text;
	struct imp_slice word = imp_slice_cut(&names, '=');

	*out = (struct imp_condition){0};
	for (size_t i = 0; i < KINDS; i++) {
		if (!imp_slice_is(word, kinds[i].name))
			continue;
		if ((kinds[i].argument != NO_ARGUMENT) != (names.data != NULL))
			return imp_fail(err, IMP_E_USAGE, "condition '%.*s' %s",
					(int)word.len, word.data,
					names.data ? "takes no names" : "needs names");
		out->kind = kinds[i].kind;
		return parse_argument(kinds[i].argument, names, out, arena, err);
	}
	return imp_fail(err, IMP_E_USAGE, "unknown condition '%.*s'", (int)word.len,
			word.data);
}

static void describe_names(const struct imp_texts *names, struct imp_strbuf *out)
{
	for (size_t i = 0; i < names->count; i++) {
		imp_strbuf_add_text(out, i ? ", " : " ");
		for (size_t b = 0; b < names->list[i].len; b++) {
			char c = names->list[i].data[b];
			imp_strbuf_add_char(out, (char)(c ? c : '*'));
		}
	}
}

void imp_condition_describe(const struct imp_condition *condition, struct imp_strbuf *out)
{
	char size[IMP_SIZE_TEXT];

	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].kind != condition->kind)
			continue;
		imp_strbuf_add_text(out, kinds[i].words);
		if (kinds[i].argument == SIZE)
			imp_strbuf_printf(out, " %s",
					  imp_size_text(condition->number,
							IMP_UNITS_DECIMAL, size));
	}
	describe_names(&condition->names, out);
}
