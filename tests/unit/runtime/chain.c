/* The command chain: classification.md 5.1. */
#include "world.h"

#include "case.h"

/* What most of these stand on. */
#define BASE \
	"file bin/sh 10 mode=755\n# elf bin/sh\n" \
	"file usr/bin/python3.11 10\n# elf usr/bin/python3.11\n" \
	"symlink usr/bin/python3 -> python3.11\n" \
	"file usr/bin/node 10\n# elf usr/bin/node\n" \
	"file usr/bin/gcc 10\n# elf usr/bin/gcc\n" \
	"file usr/bin/tini 10\n# elf usr/bin/tini\n" \
	"file usr/sbin/gosu 10\n# elf usr/sbin/gosu\n"

static void expect_command(const struct world *world, size_t i, const char *argv)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	if (i >= world->runtime.started_count)
		fail_msg("%zu commands only, not %s", world->runtime.started_count, argv);
	for (size_t k = 0; k < world->runtime.started[i].argc; k++) {
		imp_strbuf_add_text(&line, k > 0 ? " " : "");
		imp_strbuf_add_slice(&line, world->runtime.started[i].argv[k]);
	}
	assert_string_equal(line.data ? line.data : "", argv);
}

#define read_world(world, text, ...) \
	world_read((world), (text), &(struct world_config){__VA_ARGS__})

CASE(entrypoint_and_command_join)
{
	struct world world;

	read_world(&world, BASE, .entrypoint = "/usr/bin/node", .command = "server.js");
	expect_command(&world, 0, "/usr/bin/node server.js");
	assert_string_equal(world.runtime.started[0].origin, "ENTRYPOINT");
	assert_true(world.runtime.started[0].certain);
	assert_true(world_reaches(&world, "usr/bin/node", IMP_REACH_RUN));
	/* server.js is not there */
	assert_false(world.runtime.readable);
	assert_non_null(strstr(world.runtime.unreadable_reason, "server.js"));
	world_finish(&world);
}

CASE(wrappers_are_peeled)
{
	struct world world;

	read_world(&world, BASE "text code/a.js x\n",
		   .entrypoint = "tini -g -- gosu www env -i A=b timeout -k 5 10",
		   .command = "node a.js", .workdir = "/code");
	expect_command(&world, 0, "node a.js");
	assert_true(world.runtime.readable);
	assert_true(world_reaches(&world, "usr/bin/tini", IMP_REACH_RUN));
	assert_true(world_reaches(&world, "usr/sbin/gosu", IMP_REACH_RUN));
	assert_true(world_reaches(&world, "code/a.js", IMP_REACH_RUN));
	assert_int_equal(world.runtime.started[0].script,
			 imp_tree_find(world.tree, IMP_SLICE("code/a.js")));
	world_finish(&world);
}

CASE(shell_forms_are_read)
{
	struct world world;

	read_world(&world, BASE "text code/a.js x\ntext code/b.py x\n",
		   .command = "/bin/sh -c python3\\sb.py\\s&&\\sexec\\snode\\sa.js",
		   .workdir = "/code");
	expect_command(&world, 0, "python3 b.py");
	expect_command(&world, 1, "node a.js");
	assert_true(world.runtime.started[1].certain);
	assert_true(world_reaches(&world, "bin/sh", IMP_REACH_RUN));
	assert_true(world_reaches(&world, "usr/bin/python3.11", IMP_REACH_RUN));
	assert_true(world.runtime.readable);
	world_finish(&world);
}

CASE(a_change_of_folder_is_followed)
{
	struct world world;

	read_world(&world,
		   BASE "text code/web/a.js x\ntext code/b.py x\n"
			"text code/web/run #!/bin/sh\\nnode\\sc.js\\n\n"
			"text code/web/c.js x\n",
		   .command = "/bin/sh -c set\\s-e;\\scd\\s/code/web\\s&&\\snode\\sa.js;"
			      "\\s./run;\\s(python3\\sb.py)",
		   .workdir = "/code");
	expect_command(&world, 0, "node a.js");
	assert_true(world_reaches(&world, "code/web/a.js", IMP_REACH_RUN));
	assert_true(world_reaches(&world, "code/web/c.js", IMP_REACH_RUN));
	/* a folder that a branch or a subshell changed holds no longer */
	assert_true(world_reaches(&world, "code/b.py", IMP_REACH_RUN));
	assert_true(world.runtime.readable);
	world_finish(&world);
}

CASE(a_change_to_an_unknown_folder_changes_nothing)
{
	struct world world;

	read_world(&world,
		   BASE "text run #!/bin/sh\\ncd\\s$X\\ncd\\s/none\\ncd\\ncd\\s-\\n"
			"exec\\snode\\sa.js\\n\ntext code/a.js x\n",
		   .entrypoint = "/bin/sh /run", .workdir = "/code");
	assert_true(world_reaches(&world, "code/a.js", IMP_REACH_RUN));
	world_finish(&world);
}

CASE(health_check_counts)
{
	struct world world;

	read_world(&world, BASE "text a.js x\ntext b.py x\n", .command = "python3 b.py",
		   .health = "CMD-SHELL node\\sa.js");
	expect_command(&world, 1, "node a.js");
	assert_string_equal(world.runtime.started[1].origin, "HEALTHCHECK");
	assert_int_equal(world.runtime.anchors[IMP_ANCHOR_NODE].state,
			 IMP_ANCHOR_PRESENT);
	world_finish(&world);
}

CASE(run_replaces_the_images_own)
{
	struct world world;

	read_world(&world, BASE "text b.py x\n", .command = "node a.js",
		   .health = "CMD gcc", .run = "python3 'b.py'");
	expect_command(&world, 0, "python3 b.py");
	expect_command(&world, 1, "gcc");
	assert_int_equal(world.runtime.started_count, 2);
	assert_false(world_reaches(&world, "usr/bin/node", IMP_REACH_RUN));
	world_finish(&world);
}

CASE(entry_scripts_are_followed)
{
	struct world world;

	read_world(&world,
		   BASE "text entry.sh #!/bin/sh\\nif x; then gcc "
			"-v; fi\\nexec \"$@\"\\n\ntext b.py x\n",
		   .entrypoint = "/entry.sh", .command = "python3 b.py");
	expect_command(&world, 0, "/entry.sh python3 b.py");
	expect_command(&world, 1, "gcc -v");
	assert_false(world.runtime.started[1].certain);
	assert_string_equal(world.runtime.started[1].origin, "/entry.sh");
	assert_int_equal(world.runtime.started[1].parent, 0);
	expect_command(&world, 2, "python3 b.py");
	assert_true(world.runtime.started[2].certain);
	assert_true(world.runtime.readable);
	assert_int_equal(world.runtime.reached_from[world_record(&world, "usr/bin/gcc")],
			 world_record(&world, "entry.sh"));
	world_finish(&world);
}

CASE(alternatives_are_resolved)
{
	struct world world;

	read_world(&world,
		   BASE "symlink etc/alternatives/py -> /usr/bin/python3\n"
			"symlink usr/local/bin/py -> /etc/alternatives/py\ntext b.py x\n",
		   .command = "py b.py");
	assert_true(world_reaches(&world, "usr/bin/python3.11", IMP_REACH_RUN));
	assert_true(world_reaches(&world, "b.py", IMP_REACH_RUN));
	world_finish(&world);
}

CASE(a_cut_script_is_unreadable)
{
	struct world world;

	read_world(&world, BASE "text entry.sh #!/bin/sh\\nnode\n# cut entry.sh\n",
		   .command = "/entry.sh");
	assert_false(world.runtime.readable);
	assert_non_null(strstr(world.runtime.unreadable_reason, "/entry.sh"));
	assert_int_equal(world.runtime.anchors[IMP_ANCHOR_NODE].state,
			 IMP_ANCHOR_UNKNOWN);
	assert_int_equal(world.runtime.anchors[IMP_ANCHOR_L10N].state, IMP_ANCHOR_ABSENT);
	world_finish(&world);
}

CASE(a_command_from_a_variable_is_unreadable)
{
	struct world world;

	read_world(&world, BASE "text entry.sh #!/bin/sh\\nexec $TOOL\\n\n",
		   .command = "/entry.sh");
	assert_false(world.runtime.readable);
	world_finish(&world);
}

CASE(a_bare_shell_is_unknown)
{
	struct world world;

	read_world(&world, BASE, .command = "/bin/sh");
	assert_false(world.runtime.readable);
	world_finish(&world);
	read_world(&world, BASE, .workdir = "/");
	assert_false(world.runtime.readable);
	world_finish(&world);
}

CASE(npm_scripts_are_followed)
{
	struct world world;

	read_world(&world,
		   BASE "text usr/bin/npm #!/usr/bin/env node\\n\n"
			"file usr/bin/env 1\n# elf usr/bin/env\n"
			"text code/package.json {\"scripts\":{\"start\":\"NODE_ENV=x "
			"next start\"}}\n"
			"text code/node_modules/next/bin.js #!/usr/bin/env node\\n\n"
			"symlink code/node_modules/.bin/next -> ../next/bin.js\n",
		   .command = "npm start", .workdir = "/code");
	expect_command(&world, 0, "npm start");
	expect_command(&world, 1, "next start");
	assert_true(world.runtime.started[1].certain);
	assert_true(
		world_reaches(&world, "code/node_modules/next/bin.js", IMP_REACH_RUN));
	assert_true(world_reaches(&world, "usr/bin/node", IMP_REACH_RUN));
	assert_true(world.runtime.readable);
	world_finish(&world);
}

CASE(service_files_are_followed)
{
	struct world world;

	read_world(&world,
		   BASE "text usr/bin/supervisord #!/usr/bin/python3\\n\n"
			"text etc/supervisor/conf.d/a.conf [program:a]\\ncommand=node "
			"/a.js ; x\\n\n"
			"text a.js x\ntext b.js x\n"
			"text code/Procfile web: python3 -m http.server\\nworker: node "
			"/b.js\\n\n",
		   .command = "supervisord -n", .workdir = "/code");
	expect_command(&world, 0, "supervisord -n");
	expect_command(&world, 1, "python3 -m http.server");
	expect_command(&world, 2, "node /b.js");
	assert_string_equal(world.runtime.started[2].origin, "/code/Procfile");
	expect_command(&world, 3, "node /a.js");
	assert_string_equal(world.runtime.started[3].origin,
			    "/etc/supervisor/conf.d/a.conf");
	world_finish(&world);
}

CASE(hostile_chains_end)
{
	struct world world;

	read_world(&world,
		   BASE "text a #!/bin/sh\\n. /b\\nexec /a \"$@\" x\\n\n"
			"text b #!/bin/sh\\n/a\\neval eval eval /b\\n\n"
			"symlink c -> d\nsymlink d -> c\n",
		   .command = "/a");
	assert_true(world.runtime.started_count < 200);
	world_finish(&world);
	read_world(&world, BASE "symlink c -> d\nsymlink d -> c\n", .command = "/c");
	assert_false(world.runtime.readable);
	world_finish(&world);
}

static void read_script(struct world *world, bool numbered, int count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	imp_strbuf_add_text(&text, BASE "text run #!/bin/sh");
	for (int i = 0; i < count; i++) {
		imp_strbuf_add_text(&text, "\\n");
		imp_strbuf_printf(&text, "a%d", numbered ? i : 0);
	}
	imp_strbuf_add(&text, "\n", 2);
	read_world(world, text.data, .command = "/run");
}

CASE(scripts_have_a_budget)
{
	struct world world;

	read_script(&world, true, 2000);
	assert_true(world.runtime.readable);
	world_finish(&world);
	read_script(&world, true, 2100);
	assert_false(world.runtime.readable);
	assert_string_equal(world.runtime.unreadable_reason,
			    "too many commands are started to follow");
	world_finish(&world);
	/* one command, over and over */
	read_script(&world, false, 9000);
	assert_false(world.runtime.readable);
	assert_non_null(strstr(world.runtime.unreadable_reason,
			       "starts a script that is too long"));
	world_finish(&world);
}

CASE(evidence_is_escaped)
{
	struct world world;

	read_world(&world, BASE, .command = "/x\\n\x1b[2J");
	assert_string_equal(world.runtime.unreadable_reason,
			    "/x\\x0a\\x1b[2J, which is started, is not in the image");
	world_finish(&world);
}

CASE(opened_files_by_group)
{
	struct world world;

	read_world(&world, BASE "link usr/bin/cc -> usr/bin/gcc\n", .command = "node",
		   .used = "/usr/bin/cc\n/nowhere\n/usr/bin/python3\r\n/usr/bin/gcc\n");
	assert_int_equal(world.runtime.opened_files, 2);
	assert_true(world.runtime.opened[world_record(&world, "usr/bin/gcc")]);
	assert_true(world.runtime.opened[world_record(&world, "usr/bin/python3.11")]);
	assert_false(world.runtime.opened[world_record(&world, "usr/bin/node")]);
	world_finish(&world);
	read_world(&world, BASE, .command = "node");
	assert_null(world.runtime.opened);
	world_finish(&world);
}
