#include "facts_kind.h"

enum {
	MAX_INTERPRETER_BYTES = 256, /* kernels take no more */
	COFF_HEADER_BYTES = 20,
};

static const char blanks[] = " \t\r";

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct imp_slice imp_layer_interpreter(struct imp_slice head)
{
	if (!imp_slice_starts(head, IMP_SLICE("#!")))
		return imp_slice("", 0);
	struct imp_slice rest = imp_slice_skip(head, 2);
	struct imp_slice line = imp_slice_cut(&rest, '\n');
	if (line.len > MAX_INTERPRETER_BYTES)
		line.len = MAX_INTERPRETER_BYTES;
	const char *nul = line.len ? memchr(line.data, '\0', line.len) : NULL;
	if (nul)
		line.len = (size_t)(nul - line.data);
	return imp_slice_trim(line, blanks);
}

static struct imp_slice next_word(struct imp_slice *line)
{
	*line = imp_slice_trim(*line, blanks);
	size_t len = 0;
	while (len < line->len && !is_blank(line->data[len]))
		len++;
	struct imp_slice word = imp_slice(line->data, len);
	*line = imp_slice_skip(*line, len);
	return word;
}

struct imp_slice imp_layer_script_program(struct imp_slice interpreter)
{
	struct imp_slice program = imp_slice_basename(next_word(&interpreter));

	if (!imp_slice_is(program, "env"))
		return program;
	/* Behind env: its options and NAME=VALUE. */
	do
		program = next_word(&interpreter);
	while (program.len > 0 &&
	       (program.data[0] == '-' || memchr(program.data, '=', program.len)));
	return imp_slice_basename(program);
}

bool imp_layer_runs_python(struct imp_slice program)
{
	return imp_slice_starts(program, IMP_SLICE("python")) ||
	       imp_slice_starts(program, IMP_SLICE("pypy"));
}

bool imp_layer_runs_node(struct imp_slice program)
{
	return imp_slice_is(program, "node") || imp_slice_is(program, "nodejs") ||
	       imp_slice_is(program, "bun") || imp_slice_is(program, "deno") ||
	       imp_slice_is(program, "tsx") || imp_slice_is(program, "ts-node");
}

static unsigned little16(const char *at)
{
	return (unsigned char)at[0] | (unsigned)(unsigned char)at[1] << 8;
}

static uint32_t little32(const char *at)
{
	return little16(at) | (uint32_t)little16(at + 2) << 16;
}

/* Machine, sections, time, position and number of symbols, optional header, flags. */
static bool is_coff(struct imp_slice head, uint64_t disk_bytes)
{
	if (head.len < COFF_HEADER_BYTES)
		return false;
	unsigned machine = little16(head.data), sections = little16(head.data + 2);
	uint64_t symbols = little32(head.data + 8), count = little32(head.data + 12);
	bool known = machine == 0x14c || machine == 0x8664 || machine == 0x1c4 ||
		     machine == 0xaa64;
	return known && sections > 0 && little16(head.data + 16) == 0 &&
	       COFF_HEADER_BYTES + UINT64_C(40) * sections <= disk_bytes &&
	       symbols >= COFF_HEADER_BYTES && symbols + count * 18 <= disk_bytes;
}

static bool is_libtool(struct imp_slice head)
{
	struct imp_slice line = imp_slice_cut(&head, '\n');
	return imp_slice_starts(line, IMP_SLICE("# ")) &&
	       memmem(line.data, line.len, " - a libtool library file", 25) != NULL;
}

static struct imp_slice skip_space(struct imp_slice head)
{
	size_t n = imp_slice_starts(head, IMP_SLICE("\xef\xbb\xbf")) ? 3 : 0;
	while (n < head.len && (is_blank(head.data[n]) || head.data[n] == '\n'))
		n++;
	return imp_slice_skip(head, n);
}

static bool is_private_key(struct imp_slice head)
{
	struct imp_slice rest = skip_space(head);
	struct imp_slice line = imp_slice_cut(&rest, '\n');
	return imp_slice_starts(line, IMP_SLICE("-----BEGIN ")) &&
	       memmem(line.data, line.len, "PRIVATE KEY", 11) != NULL;
}

/* The root element of the documentation that .NET's compilers write. */
static bool is_xml_doc(struct imp_slice head)
{
	struct imp_slice rest = skip_space(head);
	if (!imp_slice_starts(rest, IMP_SLICE("<?xml")))
		return false;
	imp_slice_cut(&rest, '>');
	rest = skip_space(rest);
	return imp_slice_starts(rest, IMP_SLICE("<doc>"));
}

static const struct {
	struct imp_slice magic;
	enum imp_content_kind kind;
} magics[] = {
	{{"\x7f"
	  "ELF",
	  4},
	 IMP_CONTENT_ELF},
	{{"#!", 2}, IMP_CONTENT_SCRIPT},
	{{"!<arch>\n", 8}, IMP_CONTENT_AR},
	{{"!<thin>\n", 8}, IMP_CONTENT_AR},
	{{"Microsoft C/C++ MSF ", 20}, IMP_CONTENT_PDB},
	{{"BSJB", 4}, IMP_CONTENT_PDB},
	{{"gcno", 4}, IMP_CONTENT_GCOV},
	{{"gcda", 4}, IMP_CONTENT_GCOV},
	{{"oncg", 4}, IMP_CONTENT_GCOV},
	{{"adcg", 4}, IMP_CONTENT_GCOV},
	{{"Signature: 8a477f597d28d172789f06886806bc55", 43}, IMP_CONTENT_CACHEDIR},
};

enum imp_content_kind imp_layer_kind(struct imp_slice head, uint64_t disk_bytes)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (imp_slice_starts(head, magics[i].magic))
			return magics[i].kind;
	if (is_private_key(head))
		return IMP_CONTENT_PRIVATE_KEY;
	if (is_libtool(head))
		return IMP_CONTENT_LIBTOOL;
	if (is_xml_doc(head))
		return IMP_CONTENT_XML_DOC;
	return is_coff(head, disk_bytes) ? IMP_CONTENT_COFF : IMP_CONTENT_OTHER;
}
