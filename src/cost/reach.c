#include "reach.h"

#include <stdlib.h>
#include <string.h>

#include "imgprof/search.h"

static int compare(const void *left, const void *right)
{
	const struct imp_attachment *a = left, *b = right;

	if (a->shelf != b->shelf)
		return a->shelf < b->shelf ? -1 : 1;
	if (a->subject != b->subject)
		return a->subject < b->subject ? -1 : 1;
	return a->attached < b->attached ? -1 : a->attached > b->attached;
}

void imp_reach_sort(struct imp_stock *inventory)
{
	struct imp_attachment *list = inventory->attachments;
	size_t kept = 0;

	if (inventory->attachment_count)
		qsort(list, inventory->attachment_count, sizeof(*list), compare);
	for (size_t i = 0; i < inventory->attachment_count; i++)
		if (kept == 0 || compare(&list[kept - 1], &list[i]) != 0)
			list[kept++] = list[i];
	inventory->attachment_count = kept;
}

const struct imp_attachment *imp_reach_attached(const struct imp_stock *inventory,
						uint32_t shelf, uint32_t doc,
						size_t *count)
{
	const struct imp_attachment wanted = {.shelf = shelf, .subject = doc};
	size_t first = IMP_FIRST_NOT(inventory->attachment_count, i,
				     compare(&inventory->attachments[i], &wanted) < 0);

	*count = 0;
	while (first + *count < inventory->attachment_count &&
	       inventory->attachments[first + *count].shelf == shelf &&
	       inventory->attachments[first + *count].subject == doc)
		++*count;
	return inventory->attachments + first;
}

void imp_reach_start(struct imp_reach *reach, const struct imp_stock *inventory)
{
	*reach = (struct imp_reach){
		.inventory = inventory,
		.stamps = imp_xcalloc(inventory->doc_count + 1, sizeof(uint32_t)),
		.stamp = 1,
	};
}

void imp_reach_finish(struct imp_reach *reach)
{
	free(reach->stamps);
	free(reach->list);
	free(reach->waiting);
}

void imp_reach_reset(struct imp_reach *reach)
{
	reach->count = 0;
	reach->stamp++;
}

static void add(struct imp_reach *reach, struct imp_reached found)
{
	if (reach->stamps[found.doc] == reach->stamp)
		return;
	reach->stamps[found.doc] = reach->stamp;
	reach->list = imp_xgrow(reach->list, &reach->capacity, reach->count + 1,
				sizeof(*reach->list));
	reach->list[reach->count++] = found;
}

static void wait(struct imp_reach *reach, uint32_t doc)
{
	reach->waiting = imp_xgrow(reach->waiting, &reach->waiting_capacity,
				   reach->waiting_count + 1, sizeof(*reach->waiting));
	reach->waiting[reach->waiting_count++] = (struct imp_reached){
		.doc = doc, .platform = IMP_COST_NO_PLATFORM, .attached = true};
}

/* What AT leads to: children into the list, what is attached has to wait. */
static void visit(struct imp_reach *reach, uint32_t shelf, struct imp_reached at)
{
	const struct imp_stock *inventory = reach->inventory;
	const struct imp_doc *doc = &inventory->docs[at.doc];
	size_t count;
	const struct imp_attachment *attached =
		imp_reach_attached(inventory, shelf, at.doc, &count);

	for (size_t i = 0; i < doc->child_count; i++) {
		const struct imp_doc_child *child = &doc->children[i];
		if (child->attached && !at.attached)
			wait(reach, child->doc);
		else
			add(reach, (struct imp_reached){child->doc, child->platform,
							at.attached});
	}
	for (size_t i = 0; i < count; i++)
		wait(reach, attached[i].attached);
}

void imp_reach_add(struct imp_reach *reach, uint32_t shelf, uint32_t doc)
{
	size_t next = reach->count;

	add(reach, (struct imp_reached){doc, IMP_COST_NO_PLATFORM, false});
	for (;;) {
		while (next < reach->count)
			visit(reach, shelf, reach->list[next++]);
		if (reach->waiting_count == 0)
			return;
		add(reach, reach->waiting[--reach->waiting_count]);
	}
}
