/*
 * Records made to hurt: every reader must come back soon, with bounded memory, and the rest
 * must be whole. The counts are such that anything quadratic would not end.
 */
#include "inventory_case.h"

#include <stdio.h>

#include "tar_writer.h"

#include "imgprof/layer.h"

#define SP "v/lib/python3.11/site-packages/"

static void read_tar(struct inventory_case *c, struct imp_strbuf *tar)
{
	struct imp_layer_request request = {.blob_bytes = IMP_UNKNOWN_SIZE,
					    .facts = true,
					    .limits = &imp_limits_default};
	struct imp_layer_result result = {0};
	struct imp_error err = {0};

	tar_end(tar);
	assert_ok(imp_layer_read(imp_stream_memory(imp_strbuf_slice(tar), 0), &request,
				 &result, &err),
		  &err);
	c->stack.owned[c->stack.count] = result.profile;
	c->stack.profiles[c->stack.count++] = result.profile;
	inventory_read_stack(c, imp_readers);
}

/* COUNT times TEXT. */
static void repeat(struct imp_strbuf *out, const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		imp_strbuf_add_text(out, text);
}

CASE(a_million_rows_of_record)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf rows = {0};

	repeat(&rows, "a/x.py,,\n../../../../../../etc/y,,\n\"q\"\"\n\",\n", 300000);
	tar_file(&tar, SP "a/x.py", "1");
	tar_file(&tar, SP "a-1.dist-info/METADATA", "Name: a\nVersion: 1\n");
	tar_file_bytes(&tar, SP "a-1.dist-info/RECORD", imp_strbuf_slice(&rows));
	imp_auto(inventory_finish) struct inventory_case c = {0};
	read_tar(&c, &tar);

	assert_int_equal(c.packages.count, 1);
	assert_int_equal(c.packages.list[0].sum.files, 3);
	assert_int_equal(c.packages.also_count, 0);
}

/* Every distribution is called a, needs a with all extras, and has every extra. */
CASE(requirements_in_circles)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_text(&text, "Name: a\nVersion: 1\n");
	for (unsigned i = 0; i < 300; i++)
		imp_strbuf_printf(&text,
				  "Requires-Dist: a[e%u,e%u];extra=='e%u'\n"
				  "Requires-Dist: a[e0]\n",
				  i + 1, i * 7 % 300, i);
	for (unsigned i = 0; i < 300; i++) {
		char path[128];
		snprintf(path, sizeof(path), SP "a%u-1.dist-info/METADATA", i);
		tar_file_bytes(&tar, path, imp_strbuf_slice(&text));
	}
	imp_auto(inventory_finish) struct inventory_case c = {0};
	read_tar(&c, &tar);

	assert_int_equal(c.packages.count, 300);
}

CASE(a_million_requirements)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_text(&text, "Name: a\nVersion: 1\n");
	repeat(&text, "Requires-Dist:b\n", 1000000);
	tar_file_bytes(&tar, SP "a-1.dist-info/METADATA", imp_strbuf_slice(&text));
	tar_file(&tar, SP "b-1.dist-info/METADATA", "Name: b\nVersion: 1\n");
	imp_auto(inventory_finish) struct inventory_case c = {0};
	read_tar(&c, &tar);

	assert_int_equal(c.packages.count, 2);
	assert_int_equal(c.packages.unreadable_count, 1);
	assert_true(c.packages.dependency_count <= 500000);
}

CASE(a_lock_with_a_million_packages)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	repeat(&text, "[[package]]\nname='a'\n", 700000);
	tar_file_bytes(&tar, "app/uv.lock", imp_strbuf_slice(&text));
	tar_file(&tar, SP "a-1.dist-info/METADATA", "Name: a\nVersion: 1\n");
	imp_auto(inventory_finish) struct inventory_case c = {0};
	read_tar(&c, &tar);

	assert_int_equal(c.packages.count, 1);
	assert_int_equal(c.packages.unreadable_count, 1);
}

static const char *const json_records[] = {
	"c/conda-meta/a.json",
	"c/x.deps.json",
	"c/x.runtimeconfig.json",
	"c/Pipfile.lock",
};

CASE(deep_json)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	repeat(&text, "[", 1000000);
	for (size_t i = 0; i < 4; i++) {
		imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
		tar_file_bytes(&tar, json_records[i], imp_strbuf_slice(&text));
		tar_file(&tar, SP "a-1.dist-info/METADATA", "Name: a\nVersion: 1\n");
		imp_auto(inventory_finish) struct inventory_case c = {0};
		read_tar(&c, &tar);
		assert_int_equal(c.packages.count, 1);
		assert_int_equal(c.packages.unreadable_count, 1);
		assert_true(imp_slice_is(c.packages.unreadable[0].path, json_records[i]));
	}
}

/* Ten thousand distributions that are said to own one folder. */
CASE(everybody_names_one_module)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};

	for (unsigned i = 0; i < 10000; i++) {
		char path[128];
		snprintf(path, sizeof(path), SP "d%u-1.egg-info/top_level.txt", i);
		tar_file(&tar, path, "m\n");
		snprintf(path, sizeof(path), SP "m/f%u.py", i);
		tar_file(&tar, path, "");
	}
	imp_auto(inventory_finish) struct inventory_case c = {0};
	read_tar(&c, &tar);

	assert_int_equal(c.packages.count, 10000);
	assert_int_equal(c.packages.unowned.files, 0);
}

/* One byte less each time: whatever is cut, the rest of the report stands. */
CASE(every_truncation)
{
	static const struct {
		const char *path, *text;
	} records[] = {
		{SP "b-1.dist-info/RECORD", "a/x.py,sha256=q,1\n\"b\"\"c\",,\n"},
		{SP "b-1.dist-info/METADATA",
		 "Name: b\nRequires-Dist: a[x]; (os_name == 'x' and extra in \"y\")\n"},
		{"c/poetry.lock",
		 "[[package]]\nname = \"a\\u00e9\"\nv = [{a.b=1}, '''x''']\n"},
		{"c/conda-meta/a.json", "{\"name\":\"a\",\"files\":[\"x\"]}"},
		{"c/x.deps.json",
		 "{\"targets\":{\"t\":{\"A/1\":{\"runtime\":{\"x\":{}}}}}}"},
		{"c/release", "JAVA_VERSION=\"17\"\nMODULES=\"x y\"\n"},
	};
	for (size_t r = 0; r < sizeof(records) / sizeof(records[0]); r++)
		for (size_t len = 0; len <= strlen(records[r].text); len++) {
			imp_auto(imp_strbuf_finish) struct imp_strbuf tar = {0};
			tar_file(&tar, SP "a-1.dist-info/METADATA",
				 "Name: a\nVersion: 1\n");
			tar_file(&tar, SP "a/x.py", "");
			tar_file(&tar, "c/bin/java", "");
			tar_file_bytes(&tar, records[r].path,
				       imp_slice(records[r].text, len));
			imp_auto(inventory_finish) struct inventory_case c = {0};
			read_tar(&c, &tar);
			assert_true(imp_packages_find(&c.packages, IMP_MANAGER_PYTHON,
						      IMP_SLICE("a")) != IMP_NONE);
		}
}
