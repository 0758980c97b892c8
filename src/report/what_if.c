#include "what_if.h"

#include "imgprof/arena.h"
#include "imgprof/cleanup.h"

const char imp_what_if_basis[] =
	"pull is an estimate: the measured share that each file has of its layer's compressed "
	"stream, and its share of tar headers; the layers compressed as they are";

static bool is_named(const struct imp_finding *finding,
		     const struct imp_report_questions *questions)
{
	for (size_t i = 0; i < questions->without_count; i++)
		if (imp_finding_is_named(finding, questions->without[i]))
			return true;
	return false;
}

void imp_what_if_make(struct imp_what_if *what_if, const struct imp_analysis *image,
		      const struct imp_report_questions *questions)
{
	const struct imp_findings *findings = image->findings;
	imp_auto_free const struct imp_profile_summary **summaries =
		imp_xcalloc(image->layer_count + 1, sizeof(*summaries));

	*what_if = (struct imp_what_if){
		.arena = imp_arena_create(),
		.chosen = imp_xcalloc(findings->count + 1, sizeof(*what_if->chosen)),
	};
	for (size_t i = 0; i < image->layer_count; i++)
		summaries[i] = &image->layers[i].summary;
	for (size_t i = 0; i < findings->count; i++)
		what_if->chosen[i] = is_named(&findings->list[i], questions);
	imp_without(image->tree, summaries, findings, what_if->chosen, what_if->arena,
		    &what_if->sums);
}

void imp_what_if_finish(struct imp_what_if *what_if)
{
	free(what_if->chosen);
	imp_arena_destroy(what_if->arena);
}
