#include "pep508.h"

#include "imgprof/strbuf.h"

static const char spaces[] = " \t\r\n";

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_separator(char c)
{
	return c == '-' || c == '_' || c == '.';
}

/* The normalised character at *AT; moves *AT behind what it stands for. */
static char next_normal(struct imp_slice name, size_t *at)
{
	char c = name.data[(*at)++];

	if (!is_separator(c))
		return lower(c);
	while (*at < name.len && is_separator(name.data[*at]))
		(*at)++;
	return '-';
}

struct imp_slice imp_pep503_name(struct imp_arena *arena, struct imp_slice raw)
{
	char *name = imp_arena_alloc(arena, raw.len + 1);
	size_t len = 0;

	for (size_t at = 0; at < raw.len;)
		name[len++] = next_normal(raw, &at);
	return imp_slice(name, len);
}

bool imp_pep503_equal(struct imp_slice a, struct imp_slice b)
{
	size_t i = 0, j = 0;

	while (i < a.len && j < b.len)
		if (next_normal(a, &i) != next_normal(b, &j))
			return false;
	return i == a.len && j == b.len;
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || is_separator(c);
}

static struct imp_slice take_name(struct imp_slice *rest)
{
	size_t len = 0;

	while (len < rest->len && is_name(rest->data[len]))
		len++;
	struct imp_slice name = imp_slice(rest->data, len);
	*rest = imp_slice_trim(imp_slice_skip(*rest, len), spaces);
	return name;
}

/* Behind a URL the marker needs a space before its ';', for a URL may have one inside. */
static struct imp_slice find_marker(struct imp_slice rest)
{
	bool url = rest.len > 0 && rest.data[0] == '@';

	for (size_t i = 0; i < rest.len; i++)
		if (rest.data[i] == ';' &&
		    (!url || memchr(spaces, rest.data[i - 1], strlen(spaces))))
			return imp_slice_trim(imp_slice_skip(rest, i + 1), spaces);
	return (struct imp_slice){0};
}

bool imp_requirement_parse(struct imp_slice text, struct imp_requirement *out)
{
	struct imp_slice rest = imp_slice_trim(text, spaces);

	*out = (struct imp_requirement){.name = take_name(&rest)};
	if (out->name.len == 0)
		return false;
	if (rest.len > 0 && rest.data[0] == '[') {
		rest = imp_slice_skip(rest, 1);
		out->extras = imp_slice_cut(&rest, ']');
		rest = imp_slice_trim(rest, spaces);
	}
	out->marker = find_marker(rest);
	return true;
}

struct imp_slice imp_requirement_next_extra(struct imp_slice *extras)
{
	while (extras->len > 0) {
		struct imp_slice extra =
			imp_slice_trim(imp_slice_cut(extras, ','), spaces);
		if (extra.len > 0)
			return extra;
	}
	return (struct imp_slice){0};
}

/* ---- markers: tokens */

enum token_kind { TOKEN_END, TOKEN_STRING, TOKEN_WORD, TOKEN_OPERATOR, TOKEN_BRACKET };

struct token {
	enum token_kind kind;
	struct imp_slice text; /* of a string: without its quotes */
};

static bool is_operator(char c)
{
	return c == '<' || c == '>' || c == '=' || c == '!' || c == '~';
}

static struct token take(struct imp_slice *rest, enum token_kind kind, size_t len)
{
	struct token token = {kind, imp_slice(rest->data, len)};

	*rest = imp_slice_skip(*rest, len);
	return token;
}

static struct token next_token(struct imp_slice *rest)
{
	size_t len = 1;

	*rest = imp_slice_trim(*rest, spaces);
	if (rest->len == 0)
		return (struct token){TOKEN_END, {0}};
	char c = rest->data[0];
	if (c == '"' || c == '\'') {
		*rest = imp_slice_skip(*rest, 1);
		return (struct token){TOKEN_STRING, imp_slice_cut(rest, c)};
	}
	if (is_operator(c)) {
		while (len < rest->len && is_operator(rest->data[len]))
			len++;
		return take(rest, TOKEN_OPERATOR, len);
	}
	if (!is_name(c))
		return take(rest, TOKEN_BRACKET, 1);
	while (len < rest->len && is_name(rest->data[len]))
		len++;
	return take(rest, TOKEN_WORD, len);
}

/* ---- markers: comparisons */

enum comparison {
	LESS,
	LESS_EQUAL,
	EQUAL,
	NOT_EQUAL,
	GREATER_EQUAL,
	GREATER,
	COMPATIBLE, /* "~=" */
	IN,
	NOT_IN,
	UNKNOWN_OPERATOR,
};

static enum comparison operator_of(struct imp_slice text)
{
	static const struct {
		const char *text;
		enum comparison operator;
	} operators[] = {
		{"<", LESS},    {"<=", LESS_EQUAL}, {"==", EQUAL},
		{"===", EQUAL}, {"!=", NOT_EQUAL},  {">=", GREATER_EQUAL},
		{">", GREATER}, {"~=", COMPATIBLE}, {"in", IN},
	};
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (imp_slice_is(text, operators[i].text))
			return operators[i].operator;
	return UNKNOWN_OPERATOR;
}

/* "x" < variable is variable > "x". */
static enum comparison mirrored(enum comparison operator)
{
	static const enum comparison other[] = {
		[LESS] = GREATER,
		[LESS_EQUAL] = GREATER_EQUAL,
		[EQUAL] = EQUAL,
		[NOT_EQUAL] = NOT_EQUAL,
		[GREATER_EQUAL] = LESS_EQUAL,
		[GREATER] = LESS,
		/* These cannot be turned round. */
		[COMPATIBLE] = UNKNOWN_OPERATOR,
		[IN] = UNKNOWN_OPERATOR,
		[NOT_IN] = UNKNOWN_OPERATOR,
		[UNKNOWN_OPERATOR] = UNKNOWN_OPERATOR,
	};
	return other[operator];
}

struct version {
	unsigned parts[3];
	unsigned count;
	bool wildcard; /* "3.8.*" */
};

/* The release part; what stands behind it (a1, rc1) does not matter here. */
static bool parse_version(struct imp_slice text, struct version *out)
{
	*out = (struct version){0};
	for (text = imp_slice_trim(text, spaces); text.len > 0 && out->count < 3;) {
		struct imp_slice part = imp_slice_cut(&text, '.');
		size_t digits = 0;
		unsigned value = 0;
		if ((out->wildcard = imp_slice_is(part, "*")))
			break;
		for (; digits < part.len && digits < 6; digits++) {
			if (part.data[digits] < '0' || part.data[digits] > '9')
				break;
			value = value * 10 + (unsigned)(part.data[digits] - '0');
		}
		if (digits == 0)
			break;
		out->parts[out->count++] = value;
	}
	return out->count > 0;
}

static int compare_parts(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

static bool order_holds(enum comparison operator, int order)
{
	/* Where the order is -1, 0, 1 */
	static const bool holds[][3] = {
		[LESS] = {true, false, false},         [LESS_EQUAL] = {true, true, false},
		[EQUAL] = {false, true, false},        [NOT_EQUAL] = {true, false, true},
		[GREATER_EQUAL] = {false, true, true}, [GREATER] = {false, false, true},
	};
	return operator> GREATER || holds[operator][order < 0 ? 0 : order > 0 ? 2 : 1];
}

/* The interpreter's X.Y against a literal; ~= 3.8 is >= 3.8 and == 3.*. FULL: the third
 * number matters and is not known. */
static bool version_holds(enum comparison operator, struct imp_slice literal, bool full,
			  const struct imp_marker_environment *environment)
{
	struct version wanted;

	if (environment->major == 0 || !parse_version(literal, &wanted))
		return true;
	int major = compare_parts(environment->major, wanted.parts[0]);
	int order = major ? major : compare_parts(environment->minor, wanted.parts[1]);
	if (wanted.wildcard && wanted.count == 1)
		return order_holds(operator, major);
	if (operator== COMPATIBLE)
		return wanted.count > 2 ? order == 0 : major == 0 && order >= 0;
	if (order != 0 || wanted.wildcard)
		return order_holds(operator, order);
	if (full)
		return operator!= LESS || wanted.parts[2]> 0;
	return order_holds(operator, wanted.parts[2]> 0 ? -1 : 0);
}

static bool contains(struct imp_slice haystack, struct imp_slice needle)
{
	return needle.len == 0 || (haystack.len > 0 && memmem(haystack.data, haystack.len,
							      needle.data, needle.len));
}

static bool text_holds(enum comparison operator, struct imp_slice value,
		       struct imp_slice literal)
{
	if (operator== IN || operator== NOT_IN)
		return contains(literal, value) == (operator== IN);
	return order_holds(operator, imp_slice_compare(value, literal));
}

static bool extra_holds(enum comparison operator, struct imp_slice extra,
			struct imp_slice literal)
{
	if (operator== EQUAL || operator== NOT_EQUAL)
		return imp_pep503_equal(extra, literal) == (operator== EQUAL);
	return text_holds(operator, extra, literal);
}

/* PEP 345's names, with dots, too. NULL: unknown. */
static const char *value_of(struct imp_slice variable,
			    const struct imp_marker_environment *environment)
{
	static const char *const fixed[][2] = {
		{"os_name", "posix"},         {"os.name", "posix"},
		{"sys_platform", "linux"},    {"sys.platform", "linux"},
		{"platform_system", "Linux"},
	};
	bool pypy = environment->implementation &&
		    strcmp(environment->implementation, "pypy") == 0;

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (imp_slice_is(variable, fixed[i][0]))
			return fixed[i][1];
	if (imp_slice_is(variable, "platform_machine") ||
	    imp_slice_is(variable, "platform.machine"))
		return environment->machine;
	if (!environment->implementation)
		return NULL;
	if (imp_slice_is(variable, "implementation_name"))
		return environment->implementation;
	if (imp_slice_is(variable, "platform_python_implementation") ||
	    imp_slice_is(variable, "platform.python_implementation") ||
	    imp_slice_is(variable, "python_implementation"))
		return pypy ? "PyPy" : "CPython";
	return NULL;
}

/* "3.11" among the texts of a list. */
static bool version_among(enum comparison operator, struct imp_slice literal,
			  const struct imp_marker_environment *environment)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf version = {0};

	if (environment->major == 0)
		return true;
	imp_strbuf_printf(&version, "%u.%u", environment->major, environment->minor);
	return text_holds(operator, imp_strbuf_slice(&version), literal);
}

static bool comparison_holds(struct token left, enum comparison operator,
			     struct token right,
			     const struct imp_marker_environment *environment)
{
	if (left.kind == TOKEN_STRING && right.kind == TOKEN_WORD)
		return comparison_holds(right, mirrored(operator), left, environment);
	if (left.kind != TOKEN_WORD ||
	    right.kind != TOKEN_STRING || operator== UNKNOWN_OPERATOR)
		return true;
	if (imp_slice_is(left.text, "extra"))
		return extra_holds(operator, environment->extra, right.text);
	bool full = imp_slice_is(left.text, "python_full_version") ||
		    imp_slice_is(left.text, "implementation_version");
	if (full || imp_slice_is(left.text, "python_version")) {
		if (operator== IN || operator== NOT_IN)
			return full || version_among(operator, right.text, environment);
		return version_holds(operator, right.text, full, environment);
	}
	const char *value = value_of(left.text, environment);
	return !value || text_holds(operator, imp_slice_of(value), right.text);
}

/* The operator of a comparison, "not in" as one. */
static enum comparison take_operator(struct imp_slice *rest)
{
	struct token token = next_token(rest);

	if (token.kind == TOKEN_WORD && imp_slice_is(token.text, "not"))
		return imp_slice_is(next_token(rest).text, "in") ? NOT_IN
								 : UNKNOWN_OPERATOR;
	return operator_of(token.text);
}

/* ---- markers: and, or, brackets */

enum { MAX_BRACKETS = 32 };

/* A bracket's value so far: groups joined by `or`, each of comparisons joined by `and`. */
struct bracket {
	bool any, all;
};

static bool bracket_value(struct bracket bracket)
{
	return bracket.any || bracket.all;
}

bool imp_marker_holds(struct imp_slice marker,
		      const struct imp_marker_environment *environment)
{
	struct bracket open[MAX_BRACKETS] = {{false, true}};
	size_t depth = 0;

	for (struct imp_slice rest = marker;;) {
		struct token token = next_token(&rest);
		if (token.kind == TOKEN_END)
			return depth != 0 || bracket_value(open[0]);
		if (token.kind == TOKEN_BRACKET && token.text.data[0] == '(') {
			if (++depth == MAX_BRACKETS)
				return true;
			open[depth] = (struct bracket){false, true};
		} else if (token.kind == TOKEN_BRACKET) {
			if (token.text.data[0] != ')' || depth == 0)
				return true;
			depth--;
			open[depth].all &= bracket_value(open[depth + 1]);
		} else if (imp_slice_is(token.text, "or") && token.kind == TOKEN_WORD) {
			open[depth].any |= open[depth].all;
			open[depth].all = true;
		} else if (!imp_slice_is(token.text, "and") || token.kind != TOKEN_WORD) {
			enum comparison operator= take_operator(&rest);
			open[depth].all &= comparison_holds(
				token, operator, next_token(&rest), environment);
		}
	}
}

struct imp_slice imp_marker_extra(struct imp_slice marker)
{
	for (struct imp_slice rest = marker;;) {
		struct token token = next_token(&rest);
		if (token.kind == TOKEN_END)
			return (struct imp_slice){0};
		if (token.kind != TOKEN_WORD || !imp_slice_is(token.text, "extra"))
			continue;
		if (next_token(&rest).kind != TOKEN_OPERATOR)
			return (struct imp_slice){0};
		token = next_token(&rest);
		return token.kind == TOKEN_STRING ? token.text : (struct imp_slice){0};
	}
}
