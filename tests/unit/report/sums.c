/* Every format that shows files adds up to the image, whatever the links do. */
#include "analysed.h"

#include <jansson.h>

static const char *const stacks[] = {
	"layer\nfile a 10\nfile d/b 20\ndir e\n",
	/* Dead files of every kind. */
	"layer\nfile d/x 10\nfile d/y 20\nfile o/z 30\nfile r 40\nfile t 50 seed=1\n"
	"layer\nwhiteout d\nfile o/z 31 seed=2\ndir r\nfile r/in 5\nfile t 50 seed=1 "
	"mode=600\n"
	"layer\nfile .wh..wh.aufs 7\nfile two 1\nfile two 2\n",
	/* A group whose first name goes: it lives on elsewhere. */
	"layer\nfile first 1000\nlink n/second -> first\nfile n/gone 11\n"
	"layer\nwhiteout first\nwhiteout n/gone\nlink third -> n/second\n",
	/* All names go. */
	"layer\nfile g/a 500\nlink g/b -> g/a\nlayer\nopaque g\nfile g/c 1\n",
	/* Things that are no files, and a link to one of them. */
	"layer\nsymlink s -> nowhere\nfifo p\nchar c\nlink l -> s\ndir empty\n",
	/* A file where a folder was, and the reverse, with dead files below both. */
	"layer\nfile d/deep/x 10\nfile f 20\nlayer\nfile d 30\nfile f/below/y 40\n"
	"layer\ndir d\nfile d/again 50\nwhiteout f\n",
	/* Layers that hold nothing, and one that nobody could read. */
	"layer\nlayer\nfile a 1\nmissing\nlayer\nwhiteout a\n",
	"layer\n",
};
enum { STACKS = sizeof(stacks) / sizeof(*stacks) };

struct pair {
	uint64_t disk, pull;
};

static uint64_t number(json_t *value)
{
	return value ? (uint64_t)json_integer_value(value) : 0;
}

static struct pair sum_ncdu(json_t *item)
{
	struct pair sum = {0};
	size_t i;
	json_t *kid;

	if (json_is_object(item))
		return (struct pair){number(json_object_get(item, "asize")),
				     number(json_object_get(item, "dsize"))};
	json_array_foreach(item, i, kid)
	{
		struct pair below = sum_ncdu(kid);
		sum.disk += below.disk;
		sum.pull += below.pull;
	}
	return sum;
}

static json_t *parse(const char *text)
{
	json_error_t error;
	json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	if (!document)
		fail_msg("line %d: %s\n%s", error.line, error.text, text);
	return document;
}

CASE(ncdu_adds_up_to_the_image)
{
	for (size_t i = 0; i < STACKS; i++) {
		struct analysed a;
		analysed_read(&a, stacks[i]);
		char *out = render(&a, "ncdu", (struct imp_report_options){0});
		json_t *document = parse(out);
		struct pair sum = sum_ncdu(json_array_get(document, 3));
		if (sum.disk != a.analysis.disk_bytes ||
		    sum.pull != a.analysis.pull_bytes)
			fail_msg("%llu of %llu disk, %llu of %llu pull:\n%s\n%s",
				 (unsigned long long)sum.disk,
				 (unsigned long long)a.analysis.disk_bytes,
				 (unsigned long long)sum.pull,
				 (unsigned long long)a.analysis.pull_bytes, stacks[i],
				 out);
		json_decref(document);
		free(out);
		analysed_finish(&a);
	}
}

enum { DISK = 2, PULL = 3, KIDS = 7 };

static void check_row(json_t *row, const char *text)
{
	struct pair sum = {0};
	json_t *kids = json_array_get(row, KIDS), *kid;
	size_t i;

	if (!json_is_array(kids))
		return;
	json_array_foreach(kids, i, kid)
	{
		check_row(kid, text);
		sum.disk += number(json_array_get(kid, DISK));
		sum.pull += number(json_array_get(kid, PULL));
	}
	if (sum.disk != number(json_array_get(row, DISK)) ||
	    sum.pull != number(json_array_get(row, PULL)))
		fail_msg("the kids of '%s' do not add up:\n%s",
			 json_string_value(json_array_get(row, 0)), text);
}

CASE(json_rows_add_up_to_their_folders)
{
	for (size_t i = 0; i < STACKS; i++) {
		struct analysed a;
		analysed_read(&a, stacks[i]);
		char *out = render(&a, "json", (struct imp_report_options){0});
		json_t *document = parse(out);
		json_t *image = json_array_get(json_object_get(document, "images"), 0);
		json_t *root = json_object_get(image, "tree");
		check_row(root, out);
		assert_int_equal(number(json_array_get(root, DISK)),
				 a.analysis.disk_bytes);
		json_decref(document);
		free(out);
		analysed_finish(&a);
	}
}

/* One row of a tree in plain bytes, ASCII and all levels. */
struct row {
	unsigned long long disk, pull, files;
	size_t level;
};

static struct row parse_row(const char *line)
{
	struct row row;
	char files[64];
	int name_at = 0;

	if (sscanf(line, "%llu %llu %63s %n", &row.disk, &row.pull, files, &name_at) < 3)
		fail_msg("no row: '%s'", line);
	size_t len = 0;
	for (const char *c = files; *c; c++)
		if (*c != ',')
			files[len++] = *c;
	files[len] = '\0';
	row.files = strtoull(files, NULL, 10);
	const char *name = line + name_at;
	size_t branches = strspn(name, " |`-");
	row.level = branches / 2;
	return row;
}

static size_t parse_rows(char *text, struct row rows[static 200])
{
	char *rest, *line = strtok_r(text, "\n", &rest);
	size_t count = 0;

	assert_holds(line, "PATH");
	while ((line = strtok_r(NULL, "\n", &rest)))
		rows[count++] = parse_row(line);
	return count;
}

/* Every folder that shows rows below it is their sum. */
static void check_rows(const struct row *rows, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		struct row sum = {0};
		size_t kids = 0;
		for (size_t k = i + 1; k < count && rows[k].level > rows[i].level; k++) {
			if (rows[k].level != rows[i].level + 1)
				continue;
			kids++;
			sum.disk += rows[k].disk;
			sum.pull += rows[k].pull;
			sum.files += rows[k].files;
		}
		if (kids && (sum.disk != rows[i].disk || sum.pull != rows[i].pull ||
			     sum.files != rows[i].files))
			fail_msg("row %zu does not add up in a tree of:\n%s", i, text);
	}
}

static void check_tree(struct analysed *a, struct imp_report_options options,
		       const char *text)
{
	struct row rows[200];

	options.units = IMP_UNITS_BYTES;
	char *out = render(a, "tree", options);
	size_t count = parse_rows(out, rows);
	check_rows(rows, count, text);
	if (!options.path) {
		assert_int_equal(rows[0].disk, a->analysis.disk_bytes);
		assert_int_equal(rows[0].pull, a->analysis.pull_bytes);
	}
	free(out);
}

CASE(tree_rows_add_up_to_their_folders)
{
	for (size_t i = 0; i < STACKS; i++) {
		struct analysed a;
		analysed_read(&a, stacks[i]);
		for (uint32_t top = 1; top < 5; top++)
			for (uint32_t depth = 1; depth < 4; depth++)
				check_tree(&a,
					   (struct imp_report_options){.top = top,
								       .depth = depth},
					   stacks[i]);
		analysed_finish(&a);
	}
}

CASE(tree_rows_add_up_below_any_path)
{
	for (size_t i = 0; i < STACKS; i++) {
		struct analysed a;
		analysed_read(&a, stacks[i]);
		for (uint32_t n = 1; n < imp_tree_node_count(a.tree); n++) {
			const struct imp_node *node = imp_tree_node(a.tree, n);
			struct imp_strbuf path = {0};
			if (node->live && !node->directory)
				continue; /* no folder: its own bytes have no row */
			imp_tree_path(a.tree, n, &path);
			check_tree(&a,
				   (struct imp_report_options){.path = path.data,
							       .depth = 9},
				   stacks[i]);
			imp_strbuf_finish(&path);
		}
		analysed_finish(&a);
	}
}

CASE(csv_has_a_row_for_every_record)
{
	for (size_t i = 0; i < STACKS; i++) {
		struct analysed a;
		analysed_read(&a, stacks[i]);
		char *out = render(&a, "csv", (struct imp_report_options){0});
		size_t lines = 0, missing = 0;
		for (const char *c = out; *c; c++)
			lines += *c == '\n';
		for (size_t layer = 0; layer < a.stack.count; layer++)
			missing += a.layers[layer].missing;
		assert_int_equal(lines, 1 + imp_tree_record_count(a.tree) + missing);
		free(out);
		analysed_finish(&a);
	}
}
