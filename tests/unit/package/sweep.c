/* The sweep of classification.md 2.2 and its attribution (1.4). */
#include "inventory_case.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * A graph from text, one package a word: "name* " is a root; behind ':' stand requirements with
 * ',', alternatives with '|', '?' before a name is Recommends, '~' Suggests, '^' a peer.
 */
struct graph {
	struct imp_arena *arena;
	struct imp_package packages[64];
	struct imp_dependency dependencies[512];
	struct imp_packages all;
	bool seeds[64], roots[64], knows_roots[2];
	struct imp_sweep_result result;
};

static struct imp_slice bare(struct imp_slice word)
{
	while (word.len > 0 && strchr("?~^", word.data[0]))
		word = imp_slice_skip(word, 1);
	if (word.len > 0 && word.data[word.len - 1] == '*')
		word.len--;
	return word;
}

static uint32_t place_of(const struct graph *graph, struct imp_slice name)
{
	for (uint32_t p = 0; p < graph->all.count; p++)
		if (imp_slice_equal(graph->packages[p].name, bare(name)))
			return p;
	fail_msg("no package %.*s", (int)name.len, name.data);
	return 0;
}

static void add_requirement(struct graph *graph, struct imp_package *from,
			    struct imp_slice text, uint32_t choice)
{
	enum imp_dependency_kind kind = text.data[0] == '?'   ? IMP_DEPENDENCY_RECOMMENDS
					: text.data[0] == '~' ? IMP_DEPENDENCY_SUGGESTS
					: text.data[0] == '^' ? IMP_DEPENDENCY_PEER
							      : IMP_DEPENDENCY_HARD;
	while (text.len > 0) {
		graph->dependencies[graph->all.dependency_count++] =
			(struct imp_dependency){
				.to = place_of(graph, imp_slice_cut(&text, '|')),
				.choice = choice,
				.kind = (uint8_t)kind,
			};
		from->dependency_count++;
	}
}

static void graph_read(struct graph *graph, const char *text)
{
	struct imp_slice rest = imp_slice_of(text);

	*graph = (struct graph){.arena = imp_arena_create()};
	graph->all.list = graph->packages;
	graph->all.dependencies = graph->dependencies;
	memset(graph->knows_roots, true, sizeof(graph->knows_roots));
	graph->all.knows_roots = graph->knows_roots;
	graph->all.recommends_hold[IMP_MANAGER_DPKG] = true;
	graph->all.suggests_hold[IMP_MANAGER_DPKG] = true;
	while (rest.len > 0) {
		struct imp_slice word = imp_slice_cut(&rest, ' ');
		struct imp_slice name = imp_slice_cut(&word, ':');
		struct imp_package *package = &graph->packages[graph->all.count++];
		package->name = bare(name);
		package->sum.disk_bytes = 100 - graph->all.count;
		if (imp_slice_ends(name, IMP_SLICE("*")))
			package->flags = IMP_PACKAGE_ROOT;
	}
	rest = imp_slice_of(text);
	for (uint32_t p = 0; rest.len > 0; p++) {
		struct imp_slice word = imp_slice_cut(&rest, ' ');
		graph->packages[p].first_dependency =
			(uint32_t)graph->all.dependency_count;
		imp_slice_cut(&word, ':');
		for (uint32_t choice = 0; word.len > 0; choice++)
			add_requirement(graph, &graph->packages[p],
					imp_slice_cut(&word, ','), choice);
	}
}

static void graph_sweep(struct graph *graph, const char *seeds)
{
	struct imp_slice rest = imp_slice_of(seeds);

	memset(graph->seeds, 0, sizeof(graph->seeds));
	while (rest.len > 0)
		graph->seeds[place_of(graph, imp_slice_cut(&rest, ' '))] = true;
	imp_sweep_run(
		&(struct imp_sweep){
			.packages = &graph->all,
			.manager = IMP_MANAGER_DPKG,
			.seeds = graph->seeds,
			.roots = graph->roots,
		},
		graph->arena, &graph->result);
}

static void add_name(struct imp_strbuf *out, const struct graph *graph, uint32_t p)
{
	imp_strbuf_add_slice(out, graph->packages[p].name);
}

/* "freed<because ... ; seed>holder ..." */
static void expect_result(const struct graph *graph, const char *expected)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};

	for (uint32_t p = 0; p < graph->all.count; p++) {
		if (graph->result.freed[p]) {
			add_name(&out, graph, p);
			imp_strbuf_add_char(&out, '<');
			add_name(&out, graph, graph->result.because[p]);
			imp_strbuf_add_char(&out, ' ');
		} else {
			assert_int_equal(graph->result.because[p], IMP_NONE);
		}
		if (graph->result.holder[p] == IMP_NONE)
			continue;
		assert_false(graph->result.freed[p]);
		add_name(&out, graph, p);
		imp_strbuf_add_char(&out, '>');
		add_name(&out, graph, graph->result.holder[p]);
		imp_strbuf_add_char(&out, ' ');
	}
	imp_strbuf_add(&out, "", 0);
	assert_string_equal(imp_strbuf_slice(&out).data, expected);
}

static void expect_sweep(const char *packages, const char *seeds, const char *expected)
{
	struct graph graph;
	graph_read(&graph, packages);
	graph_sweep(&graph, seeds);
	expect_result(&graph, expected);
	imp_arena_destroy(graph.arena);
}

CASE(a_seed_takes_what_only_it_needs)
{
	expect_sweep("gcc*:cpp,libc curl*:libc cpp:isl libc isl", "gcc",
		     "gcc<gcc cpp<gcc isl<gcc ");
	/* what nobody kept before does not go with it */
	expect_sweep("gcc*:cpp cpp orphan", "gcc", "gcc<gcc cpp<gcc ");
	expect_sweep("gcc*:cpp cpp orphan:x x", "orphan", "orphan<orphan ");
}

CASE(suggested_seeds_go_though_something_kept_suggests_them)
{
	expect_sweep("numpy*:~gcc,?dev gcc:cpp cpp dev*", "gcc dev",
		     "gcc<gcc cpp<gcc dev<dev ");
}

CASE(a_seed_that_something_kept_needs_is_put_back)
{
	expect_sweep("node*:libnode-dev libnode-dev:libssl-dev libssl-dev*:libssl libssl",
		     "libssl-dev", "libssl-dev>libnode-dev ");
	/* and so what it needs in turn */
	expect_sweep("app*:a a:b b c", "a b c", "a>app b>a c<c ");
	/* what holds it goes itself */
	expect_sweep("npm*:node node*", "npm node", "npm<npm node<node ");
	expect_sweep("app*:^peer peer", "peer", "peer>app ");
}

CASE(another_installed_way_lets_a_seed_go)
{
	expect_sweep("app*:a|b a b", "a", "a<a ");
	/* none is left: both stay, for nobody can say which of them */
	expect_sweep("app*:a|b a b", "a b", "a>app b>app ");
	/* one is put back for another reason, in an earlier round: the other may go */
	expect_sweep("app*:x,b x:y b c y:a|b a", "a b y", "b>app y>x a<a ");
}

CASE(each_goes_to_the_seed_that_frees_it)
{
	/* both reach `shared`: to the larger by what its own sweep frees */
	expect_sweep(
		"gcc*:cpp,shared dev*:hdr,more,extra,shared cpp hdr more extra shared",
		"gcc dev",
		"gcc<gcc dev<dev cpp<gcc hdr<dev more<dev extra<dev shared<dev ");
	/* a seed that only another seed's going sets free */
	expect_sweep("npm*:node node*:lib lib", "npm node", "npm<npm node<node lib<npm ");
}

CASE(roots_and_settings_decide)
{
	struct graph graph;
	graph_read(&graph, "venv*:python python:?doc,~tips doc tips");
	graph.roots[1] = true; /* an interpreter that a venv points to */
	graph_sweep(&graph, "venv");
	expect_result(&graph, "venv<venv ");
	graph.roots[1] = false;
	graph_sweep(&graph, "venv");
	expect_result(&graph, "venv<venv python<venv doc<venv tips<venv ");
	graph.all.suggests_hold[IMP_MANAGER_DPKG] = false;
	graph_sweep(&graph, "venv");
	expect_result(&graph, "venv<venv python<venv doc<venv ");
	graph.packages[1].flags = IMP_PACKAGE_ESSENTIAL;
	graph_sweep(&graph, "venv");
	expect_result(&graph, "venv<venv ");
	graph.packages[1].flags = 0;
	graph.knows_roots[0] = false; /* all were asked for */
	graph_sweep(&graph, "venv");
	expect_result(&graph, "venv<venv ");
	imp_arena_destroy(graph.arena);
}

CASE(cycles_end)
{
	expect_sweep("a*:b b:c c:b,a", "a", "a<a b<a c<a ");
	expect_sweep("a*:b b:c c:b", "b c", "b>a c>b ");
}

CASE(orphans_are_what_no_root_keeps)
{
	struct graph graph;
	bool orphan[64];
	graph_read(&graph, "a*:b b c:d d other");
	graph.packages[4].manager = IMP_MANAGER_NPM;
	imp_sweep_orphans(&graph.all, IMP_MANAGER_DPKG, NULL, orphan);
	assert_false(orphan[0] || orphan[1] || orphan[4]);
	assert_true(orphan[2] && orphan[3]);
	graph.roots[2] = true;
	imp_sweep_orphans(&graph.all, IMP_MANAGER_DPKG, graph.roots, orphan);
	assert_false(orphan[2] || orphan[3]);
	graph.knows_roots[0] = false;
	imp_sweep_orphans(&graph.all, IMP_MANAGER_DPKG, NULL, orphan);
	assert_false(orphan[2] || orphan[3]);
	imp_arena_destroy(graph.arena);
}

/* A venv that tells beside a system's site-packages that does not. */
CASE(orphans_are_only_where_records_tell)
{
	struct graph graph;
	bool orphan[64];
	graph_read(&graph, "a*:b b c:d d e:f f");
	for (int p = 4; p < 6; p++)
		graph.packages[p].group = 1;
	graph.knows_roots[1] = false;
	imp_sweep_orphans(&graph.all, IMP_MANAGER_DPKG, NULL, orphan);
	assert_true(orphan[2] && orphan[3]);
	assert_false(orphan[4] || orphan[5]);
	graph_sweep(&graph, "e");
	expect_result(&graph, "e<e ");
	imp_arena_destroy(graph.arena);
}

CASE(weak_is_what_only_recommendations_reach)
{
	struct graph graph;
	bool weak[64];
	graph_read(&graph, "a*:b,?c,~e b c:d d:b e f");
	imp_sweep_weak(&graph.all, IMP_MANAGER_DPKG, NULL, weak);
	assert_false(weak[0] || weak[1] || weak[5]);
	assert_true(weak[2] && weak[3] && weak[4]);
	graph.all.suggests_hold[IMP_MANAGER_DPKG] = false;
	imp_sweep_weak(&graph.all, IMP_MANAGER_DPKG, NULL, weak);
	assert_true(weak[2] && weak[3] && !weak[4]);
	imp_arena_destroy(graph.arena);
}

/* Every package a seed, in a chain: each one's own sweep would walk them all. */
CASE(a_hundred_thousand_seeds_end)
{
	enum { COUNT = 100000 };
	struct imp_arena *arena = imp_arena_create();
	struct imp_package *list = imp_arena_array(arena, COUNT, sizeof(*list));
	struct imp_dependency *to = imp_arena_array(arena, COUNT, sizeof(*to));
	bool *seeds = imp_arena_array(arena, COUNT, sizeof(*seeds));
	struct imp_packages all = {.list = list,
				   .count = COUNT,
				   .dependencies = to,
				   .knows_roots = &(bool){true},
				   .group_count = 1};
	struct imp_sweep_result result;
	for (uint32_t p = 0; p < COUNT; p++) {
		seeds[p] = true;
		list[p].first_dependency = p;
		list[p].dependency_count = p + 1 < COUNT;
		to[p].to = p + 1;
	}
	list[0].flags = IMP_PACKAGE_ROOT;
	imp_sweep_run(
		&(struct imp_sweep){
			.packages = &all,
			.manager = IMP_MANAGER_DPKG,
			.seeds = seeds,
		},
		arena, &result);
	for (uint32_t p = 0; p < COUNT; p++)
		assert_true(result.freed[p] && result.because[p] == p);
	imp_arena_destroy(arena);
}
