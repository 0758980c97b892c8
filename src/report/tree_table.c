#include "tree_table.h"

#include <locale.h>

#include "imgprof/arena.h"

struct libscols_table *imp_tree_table_create(const struct imp_report_options *options,
					     const char *const *columns, FILE *out)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		imp_die_of_memory(0);
	scols_table_enable_noencoding(table, 1);
	scols_table_enable_colors(table, 0);
	scols_table_enable_ascii(table, !options->unicode);
	scols_table_set_stream(table, out);
	scols_table_enable_maxout(table, 0);
	scols_table_set_termforce(table, options->width ? SCOLS_TERMFORCE_ALWAYS
							: SCOLS_TERMFORCE_NEVER);
	if (options->width)
		scols_table_set_termwidth(table, options->width);
	for (; *columns; columns++)
		scols_table_new_column(table, *columns, 0, SCOLS_FL_RIGHT);
	scols_table_new_column(table, "PATH", 0,
			       SCOLS_FL_TREE | (options->width ? SCOLS_FL_TRUNC : 0));
	return table;
}

struct libscols_line *imp_tree_table_line(struct libscols_table *table,
					  struct libscols_line *parent,
					  const char *const *texts, size_t count)
{
	struct libscols_line *line = scols_table_new_line(table, parent);

	if (!line)
		imp_die_of_memory(0);
	for (size_t i = 0; i < count; i++)
		scols_line_set_data(line, i, texts[i]);
	return line;
}

/* libsmartcols measures names in the locale's encoding, and does not end where that cannot
 * hold them: the table is printed in UTF-8, whatever the program's locale is. */
int imp_tree_table_print(struct libscols_table *table, struct imp_error *err)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	if (!utf8)
		return imp_fail_errno(err, "the locale C.UTF-8");
	locale_t before = uselocale(utf8);
	int rc = scols_print_table(table);
	uselocale(before);
	freelocale(utf8);
	return rc < 0 ? imp_fail(err, IMP_E_SYSTEM, "the tree cannot be printed") : 0;
}
