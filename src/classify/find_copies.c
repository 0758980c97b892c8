/* The same content, or the same library, twice. */
#include <stdlib.h>

#include "finders_priv.h"

enum { SIBLINGS = 4096 };

/* One large file, as it is sorted: by content, then node. */
struct copy {
	uint64_t disk_bytes;
	struct imp_content_hash hash;
	uint32_t node;
};

static int compare_content(const struct copy *x, const struct copy *y)
{
	if (x->disk_bytes != y->disk_bytes)
		return x->disk_bytes < y->disk_bytes ? -1 : 1;
	return memcmp(&x->hash, &y->hash, sizeof(x->hash));
}

static int compare_copies(const void *a, const void *b)
{
	const struct copy *x = a, *y = b;
	int order = compare_content(x, y);

	if (order != 0)
		return order;
	return x->node < y->node ? -1 : x->node > y->node;
}

static size_t gather(struct imp_survey *survey, uint64_t min_bytes,
		     const struct imp_copies *copies, struct copy *out)
{
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_nodes *large = &imp_survey_index(survey)->large;
	size_t count = 0;

	for (size_t i = 0; i < large->count; i++) {
		uint32_t node = large->list[i], record = imp_tree_file_at(tree, node);
		uint64_t bytes = imp_size_at(tree, node);
		if (bytes >= min_bytes && copies->takes(survey, node))
			out[count++] =
				(struct copy){bytes, imp_tree_hash(tree, record), node};
	}
	return count;
}

void imp_find_copies(struct imp_survey *survey, uint32_t term, uint64_t min_bytes,
		     const struct imp_copies *copies)
{
	size_t most = imp_survey_index(survey)->large.count, end;
	imp_auto_free struct copy *list = imp_xcalloc(most + 1, sizeof(*list));
	imp_auto_free uint32_t *nodes = imp_xcalloc(most + 1, sizeof(*nodes));
	size_t count = gather(survey, min_bytes, copies, list);

	qsort(list, count, sizeof(*list), compare_copies);
	for (size_t i = 0; i < count; i = end) {
		for (end = i; end < count && compare_content(&list[i], &list[end]) == 0;
		     end++)
			nodes[end - i] = list[end].node;
		if (end - i > 1)
			copies->found(survey, term, nodes, end - i);
	}
}

static void add_copy(struct imp_survey *survey, uint32_t term, uint32_t node,
		     uint32_t kept, const char *words, bool likely)
{
	const struct imp_rules *rules = survey->input->rules;
	struct imp_seed seed = {
		.node = node,
		.term = term,
		.confidence = likely ? imp_term_confidence(survey, &rules->terms[term])
				     : IMP_CONFIDENCE_POSSIBLE,
		.evidence = imp_explain_kept(survey, kept, words),
		.kept = imp_path_in_arena(survey, kept),
	};

	imp_survey_add_seed(survey, &seed);
}

static bool is_jar(const struct imp_survey *survey, uint32_t node)
{
	struct imp_slice name = imp_tree_name(survey->input->tree, node);

	return imp_slice_ends(name, IMP_SLICE(".jar")) ||
	       imp_slice_ends(name, IMP_SLICE(".war"));
}

/* Some command line names the file or its folder. */
static bool is_on_class_path(const struct imp_survey *survey, uint32_t node)
{
	const struct imp_runtime *runtime = survey->input->runtime;
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_tree_path(survey->input->tree,
		      imp_tree_node(survey->input->tree, node)->parent, &path);
	imp_strbuf_add_char(&path, '/');
	for (size_t i = 0; i < runtime->started_count; i++)
		for (size_t a = 0; a < runtime->started[i].argc; a++) {
			struct imp_slice text = runtime->started[i].argv[a];
			if (memmem(text.data, text.len, path.data, path.len))
				return true;
		}
	return false;
}

/* The copy on the class path stays; the verdict is likely when no other is there too. */
static void judge_jars(struct imp_survey *survey, uint32_t term, const uint32_t *nodes,
		       size_t count)
{
	size_t kept = 0, used = 0;

	for (size_t i = count; i-- > 0;)
		if (is_on_class_path(survey, nodes[i])) {
			kept = i;
			used++;
		}
	for (size_t i = 0; i < count; i++)
		if (i != kept)
			add_copy(survey, term, nodes[i], nodes[kept],
				 used == 1 ? " has the same content and is started"
					   : " has the same content",
				 used == 1);
}

void imp_find_jar_copies(struct imp_survey *survey, uint32_t term, uint64_t min_bytes)
{
	imp_find_copies(survey, term, min_bytes,
			&(struct imp_copies){is_jar, judge_jars});
}

static bool is_cached_model(const struct imp_tree *tree, uint32_t node)
{
	return imp_slice_is(imp_tree_name(tree, imp_tree_node(tree, node)->parent),
			    "blobs");
}

static bool is_any(const struct imp_survey *survey, uint32_t node)
{
	(void)survey, (void)node;
	return true;
}

static void judge_models(struct imp_survey *survey, uint32_t term, const uint32_t *nodes,
			 size_t count)
{
	const struct imp_tree *tree = survey->input->tree;
	size_t kept = 0;

	while (kept < count && is_cached_model(tree, nodes[kept]))
		kept++;
	for (size_t i = 0; kept < count && i < count; i++)
		if (is_cached_model(tree, nodes[i]))
			add_copy(survey, term, nodes[i], nodes[kept],
				 " has the same content", true);
}

void imp_find_model_copies(struct imp_survey *survey, uint32_t term, uint64_t min_bytes)
{
	/* Without a cache of models nothing is compared. */
	if (imp_survey_index(survey)->named[IMP_INDEXED_SNAPSHOTS].count > 0)
		imp_find_copies(survey, term, min_bytes,
				&(struct imp_copies){is_any, judge_models});
}

static bool is_other_format(struct imp_slice name)
{
	static const char *const endings[] = {".h5", ".msgpack", ".onnx", ".ot"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (imp_slice_ends(name, imp_slice_of(endings[i])))
			return true;
	return imp_slice_starts(name, IMP_SLICE("pytorch_model")) &&
	       imp_slice_ends(name, IMP_SLICE(".bin"));
}

/* A revision of a cached model: names that are links to blobs. */
static void judge_revision(struct imp_survey *survey, uint32_t term, uint32_t revision,
			   uint64_t min_bytes)
{
	const struct imp_tree *tree = survey->input->tree;
	uint32_t first = imp_tree_node(tree, revision)->first_child, kept = IMP_NONE;
	int looked_at = 0;

	for (uint32_t n = first; n != IMP_NONE && looked_at < SIBLINGS; looked_at++) {
		if (imp_tree_node(tree, n)->live &&
		    imp_slice_ends(imp_tree_name(tree, n), IMP_SLICE(".safetensors")))
			kept = n;
		n = imp_tree_node(tree, n)->next_sibling;
	}
	looked_at = 0;
	for (uint32_t n = first; kept != IMP_NONE && n != IMP_NONE; looked_at++) {
		uint32_t blob = imp_tree_resolve(tree, revision, imp_tree_name(tree, n));
		if (blob != IMP_NONE && blob != n &&
		    is_other_format(imp_tree_name(tree, n)) &&
		    imp_size_at(tree, blob) >= min_bytes)
			add_copy(survey, term, blob, kept, " holds the same weights",
				 true);
		n = looked_at < SIBLINGS ? imp_tree_node(tree, n)->next_sibling
					 : IMP_NONE;
	}
}

void imp_find_model_formats(struct imp_survey *survey, uint32_t term, uint64_t min_bytes)
{
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_nodes *snapshots =
		&imp_survey_index(survey)->named[IMP_INDEXED_SNAPSHOTS];

	for (size_t i = 0; i < snapshots->count; i++) {
		uint32_t n = imp_tree_node(tree, snapshots->list[i])->first_child;
		for (int looked_at = 0; n != IMP_NONE && looked_at < SIBLINGS;
		     looked_at++) {
			if (imp_tree_node(tree, n)->directory)
				judge_revision(survey, term, n, min_bytes);
			n = imp_tree_node(tree, n)->next_sibling;
		}
	}
}

/* "libcublas.so.12" of "libcublas.so.12.4.5.8"; empty for what is no library of CUDA. */
static struct imp_slice cuda_soname(struct imp_slice name)
{
	static const char *const libraries[] = {
		"libcublas",   "libcudnn",  "libnccl",  "libcufft",     "libcusparse",
		"libcusolver", "libcurand", "libnvrtc", "libnvJitLink", "libcupti"};
	const char *so = memmem(name.data, name.len, ".so.", 4);
	bool known = false;

	for (size_t i = 0; i < sizeof(libraries) / sizeof(*libraries); i++)
		known |= imp_slice_starts(name, imp_slice_of(libraries[i]));
	if (!known || !so)
		return IMP_SLICE("");
	size_t len = (size_t)(so - name.data) + 4;
	while (len < name.len && name.data[len] != '.')
		len++;
	return imp_slice(name.data, len);
}

static bool is_in_wheel(const struct imp_tree *tree, uint32_t node)
{
	static const char *const folders[] = {"site-packages", "dist-packages", NULL};

	return imp_is_in_folder_named(tree, node, folders);
}

/* The loader follows torch's RPATH to the wheels' copy: the system's goes. */
void imp_find_cuda_copies(struct imp_survey *survey, uint32_t term, uint64_t min_bytes)
{
	const struct imp_tree *tree = survey->input->tree;
	const struct imp_nodes *large = &imp_survey_index(survey)->large;
	imp_auto(imp_map_finish) struct imp_map wheels = {0};

	for (size_t i = 0; i < large->count; i++) {
		struct imp_slice soname =
			cuda_soname(imp_tree_name(tree, large->list[i]));
		if (soname.len > 0 && is_in_wheel(tree, large->list[i]))
			imp_map_set(&wheels, soname, large->list[i]);
	}
	for (size_t i = 0; i < large->count && wheels.count > 0; i++) {
		uint32_t node = large->list[i];
		uint64_t kept;
		if (imp_size_at(tree, node) >= min_bytes && !is_in_wheel(tree, node) &&
		    imp_map_get(&wheels, cuda_soname(imp_tree_name(tree, node)), &kept))
			add_copy(survey, term, node, (uint32_t)kept,
				 " has the same soname, and torch looks there first",
				 true);
	}
}
