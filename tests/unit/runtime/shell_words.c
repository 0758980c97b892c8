/* Texts as commands. What a shell would start was taken from dash and bash by reading them. */
#include "imgprof/strbuf.h"

#include "../../../src/runtime/shell_words.h"
#include "case.h"

static struct imp_strbuf said;

static struct imp_slice variable(void *context, struct imp_slice name)
{
	(void)context;
	if (imp_slice_is(name, "HOME"))
		return IMP_SLICE("/root");
	if (imp_slice_is(name, "OPTS"))
		return IMP_SLICE("-a -b");
	if (imp_slice_is(name, "1"))
		return IMP_SLICE("first");
	return (struct imp_slice){0};
}

static void command(void *context, const struct imp_shell_word *words, size_t count)
{
	(void)context;
	for (size_t i = 0; i < count; i++) {
		imp_strbuf_add_text(&said, i > 0 ? "|" : "");
		imp_strbuf_add_slice(&said, words[i].text);
		imp_strbuf_add_text(&said, words[i].arguments ? "@"
					   : words[i].unknown ? "?"
							      : "");
	}
	imp_strbuf_add_char(&said, '\n');
}

static bool read_text(struct imp_slice text)
{
	imp_strbuf_reset(&said);
	return imp_shell_read(&(struct imp_shell){
		.text = text, .variable = variable, .command = command});
}

static void expect(const char *text, const char *commands)
{
	assert_true(read_text(imp_slice_of(text)));
	assert_string_equal(said.data ? said.data : "", commands);
	imp_strbuf_finish(&said);
}

CASE(words_quotes_and_escapes)
{
	expect("a b\tc", "a|b|c\n");
	expect("a 'b c' \"d e\" f\\ g ''", "a|b c|d e|f g|\n");
	expect("a \"x\\\"y\" 'it'\\''s'", "a|x\"y|it's\n");
	expect("a \\\n b", "a|b\n");
	expect("a x#y # comment ; b\nc", "a|x#y\nc\n");
}

CASE(separators_part_commands)
{
	expect("a && b || c; d & e | f\ng", "a\nb\nc\nd\ne\nf\ng\n");
	expect("(a; b) && { c; }", "a\nb\nc\n");
}

CASE(keywords_are_no_commands)
{
	expect("if a; then b; elif ! c; then d; else e; fi", "a\nb\nc\nd\ne\n");
	expect("while a; do b; done", "a\nb\n");
	expect("for x in one two; do c $x; done", "c|?\n");
	expect("run() { a; }\nrun", "a\nrun\n");
}

CASE(patterns_of_a_case_are_no_commands)
{
	expect("case \"$1\" in web|api) a;; (celery) b ;; *) c;; esac\nd",
	       "a\nb\nc\nd\n");
	expect("case x in\n a)\n  one\n ;;\nesac\ntwo", "one\ntwo\n");
}

CASE(redirections_and_documents_are_left_out)
{
	expect("a >out 2>&1 <in b", "a|b\n");
	expect("cat <<EOF >x\nrm -rf /\nEOF\nb", "cat\nb\n");
	expect("cat <<-'END'\n\tnode x\n\tEND\nb", "cat\nb\n");
	expect("a <<<word b", "a|b\n");
}

CASE(variables_and_arguments)
{
	expect("$HOME/bin/x \"$HOME\"", "/root/bin/x|/root\n");
	expect("a $OPTS \"$OPTS\"", "a|-a|-b|-a -b\n");
	expect("X=/opt; $X/run ${X}/y", "/opt/run|/opt/y\n");
	expect("X=1 Y=2 cmd", "cmd\n");
	expect("export P=/srv; $P/go", "export|P=/srv\n/srv/go\n");
	expect("exec \"$@\"", "exec|@\n");
	expect("exec $1 ${UNSET:-node} ${HOME:-x} $NOPE", "exec|first|node|/root|?\n");
	expect(": ${TOOL:=node}\n$TOOL", ":|node\nnode\n");
	expect("[[ -n $X && y ]] && z", "[[|-n|?|y|]]\nz\n");
}

CASE(substitutions_hold_commands)
{
	expect("x=$(a b) c", "c\na|b\n");
	expect("echo `a` \"$(b $(c))\"", "echo|?|?\na\nb|?\nc\n");
	expect("n=$((1 + 2)); a", "a\n");
}

CASE(hostile_texts_end)
{
	struct imp_strbuf text = {0};

	for (int i = 0; i < 40000; i++)
		imp_strbuf_add_text(&text, "$(");
	assert_false(read_text(imp_strbuf_slice(&text)));
	imp_strbuf_reset(&text);
	for (int i = 0; i < 10000; i++)
		imp_strbuf_add_text(&text, "word ");
	assert_false(read_text(imp_strbuf_slice(&text)));
	imp_strbuf_reset(&text);
	imp_strbuf_add_text(&text, "A=aaaaaaaaaaaaaaaa\n");
	for (int i = 0; i < 64; i++)
		imp_strbuf_add_text(&text, "A=$A$A\n");
	read_text(imp_strbuf_slice(&text));
	assert_true(said.len < 1 << 20);
	imp_strbuf_finish(&text);
	imp_strbuf_finish(&said);
}
