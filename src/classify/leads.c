/* Which packages a finding's bytes came with: those that somebody asked for, and that a line of the
 * build can leave out. The fix follows the owner (1.4). */
#include "describe_priv.h"

static bool of_system(enum imp_manager manager)
{
	return manager == IMP_MANAGER_DPKG || manager == IMP_MANAGER_APK ||
	       manager == IMP_MANAGER_RPM;
}

static void add_lead(const struct imp_survey *survey, uint32_t package,
		     struct imp_leads *leads)
{
	uint32_t lead = survey->first_of_name[package];

	for (size_t i = 0; i < leads->count; i++)
		if (leads->list[i] == lead)
			return;
	if (leads->count == IMP_LEADS)
		leads->more = true;
	else
		leads->list[leads->count++] = lead;
}

/* Adds who brought the package that owns RECORD. false: it is of no system package, or stays. */
static bool add_owner(const struct imp_survey *survey, uint32_t record,
		      struct imp_leads *leads)
{
	const struct imp_packages *packages = survey->input->packages;
	uint32_t owner = packages->owner_of[record];

	if (owner == IMP_NONE || !of_system(packages->list[owner].manager)) {
		leads->owned = false;
		return false;
	}
	const struct imp_package_verdict *verdict = &survey->package_verdicts[owner];
	if (verdict->term == IMP_NONE || verdict->reason != IMP_NONE ||
	    verdict->confidence == IMP_CONFIDENCE_POSSIBLE)
		return false;
	add_lead(survey, verdict->seed, leads);
	return true;
}

static bool is_of(const struct imp_survey *survey, const struct imp_draft *draft,
		  uint32_t record)
{
	uint32_t hit = record == IMP_NONE ? IMP_NONE : survey->hit_of[record];

	return hit != IMP_NONE &&
	       &draft->rules->rows[draft->rules->terms[survey->hits[hit].term].row] ==
		       draft->row;
}

/* Of the files of DRAFT: whether all are of system packages (leads->owned), and of such that go. */
static void find_owners(const struct imp_describer *describer,
			const struct imp_draft *draft, struct imp_leads *leads)
{
	const struct imp_tree *tree = describer->input->tree;
	bool go = true;

	leads->owned = draft->path_count > 0;
	for (size_t i = 0; leads->owned && i < draft->path_count; i++) {
		uint32_t top = draft->paths[i].node;
		for (uint32_t n = top; leads->owned && n != IMP_NONE;
		     n = imp_tree_next_below(tree, n, true, top)) {
			uint32_t record = imp_tree_file_at(tree, n);
			if (is_of(describer->survey, draft, record))
				go &= add_owner(describer->survey, record, leads);
		}
	}
	if (!go)
		leads->count = 0;
}

void imp_leads_find(const struct imp_describer *describer, const struct imp_draft *draft,
		    struct imp_leads *leads)
{
	const struct imp_survey *survey = describer->survey;
	size_t count;
	const uint32_t *members = imp_draft_packages_of(describer, draft, &count);

	*leads = (struct imp_leads){0};
	if (!survey || draft->row->fate != IMP_FATE_LIVE)
		return;
	if (count == 0) {
		find_owners(describer, draft, leads);
		return;
	}
	for (size_t i = 0; i < count; i++)
		add_lead(survey, survey->package_verdicts[members[i]].seed, leads);
	leads->owned =
		draft->row->sweep &&
		of_system(describer->input->packages->list[leads->list[0]].manager);
}

const char *imp_leads_text(const struct imp_describer *describer,
			   const struct imp_leads *leads)
{
	enum { NAMED = 12 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < leads->count && i < NAMED; i++) {
		imp_strbuf_add_text(&text, i > 0 ? " " : "");
		imp_strbuf_add_text(&text, imp_package_text(describer->arena,
							    describer->input->packages,
							    leads->list[i]));
	}
	if (leads->more)
		imp_strbuf_add_text(&text, " and others");
	else if (leads->count > NAMED)
		imp_strbuf_printf(&text, " and %zu others", leads->count - NAMED);
	return imp_arena_copy(describer->arena, imp_strbuf_slice(&text)).data;
}

static const char *const install_commands[IMP_MANAGERS] = {
	[IMP_MANAGER_DPKG] =
		"apt-get update && apt-get install -y --no-install-recommends",
	[IMP_MANAGER_APK] = "apk add --no-cache",
	[IMP_MANAGER_RPM] = "dnf -y install",
};

const char *imp_leads_install(const struct imp_describer *describer,
			      const struct imp_leads *leads)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const struct imp_packages *packages = describer->input->packages;
	const char *command =
		leads->count > 0 && !leads->more
			? install_commands[packages->list[leads->list[0]].manager]
			: NULL;

	if (!command)
		return NULL;
	imp_strbuf_printf(&text, "`RUN %s", command);
	for (size_t i = 0; i < leads->count; i++)
		imp_strbuf_printf(
			&text, " %s",
			imp_package_text(describer->arena, packages, leads->list[i]));
	imp_strbuf_add_char(&text, '`');
	return imp_arena_copy(describer->arena, imp_strbuf_slice(&text)).data;
}
