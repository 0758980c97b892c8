#include "imgprof/arena.h"
#include "imgprof/checked.h"

#include "stacking_priv.h"

static int intern_text(struct imp_stacking *stacking, struct imp_slice text,
		       uint32_t *out, struct imp_error *err)
{
	*out = IMP_NONE;
	if (!text.data)
		return 0;
	return imp_names_intern(&stacking->tree->names, text, out, err);
}

static int note_attributes(struct imp_stacking *stacking, uint32_t record,
			   const struct imp_entry *entry, struct imp_error *err)
{
	struct imp_tree *tree = stacking->tree;
	struct imp_attributes attributes = {entry->uid, entry->gid, entry->xattrs,
					    entry->mode};
	struct imp_slice bytes = imp_slice((const char *)&attributes, sizeof(attributes));
	uint32_t last = stacking->last_attributes;
	int rc = 0;

	if (!imp_slice_equal(imp_names_get(&tree->attributes, last), bytes))
		rc = imp_names_intern(&tree->attributes, bytes, &last, err);
	if (rc < 0)
		return rc;
	stacking->last_attributes = last;
	tree->attributes_of = imp_xgrow(tree->attributes_of, &tree->attributes_capacity,
					(size_t)record + 1, sizeof(*tree->attributes_of));
	tree->attributes_of[record] = last;
	return 0;
}

static void start_copy(struct imp_stacking *stacking, uint32_t record,
		       const struct imp_entry *entry)
{
	union imp_copy copy = {.names = 0};

	if (entry->type == IMP_ENTRY_HARDLINK)
		copy.symlink = IMP_NONE;
	stacking->copies = imp_xgrow(stacking->copies, &stacking->copy_capacity,
				     (size_t)record + 1, sizeof(*stacking->copies));
	stacking->copies[record] = copy;
}

static int count_bytes(struct imp_stacking *stacking, const struct imp_entry *entry,
		       struct imp_error *err)
{
	struct imp_tree_layer *layer = &stacking->tree->layers[stacking->layer];

	if (imp_add_overflows(stacking->disk_bytes, entry->disk_bytes,
			      &stacking->disk_bytes) ||
	    imp_add_overflows(stacking->pull_bytes, entry->pull_bytes,
			      &stacking->pull_bytes) ||
	    imp_add_overflows(layer->stored_bytes, entry->stored_bytes,
			      &layer->stored_bytes))
		return imp_fail(err, IMP_E_FORMAT,
				"image tree: the sizes of all files pass 2^64 bytes");
	return 0;
}

int imp_stacking_add_record(struct imp_stacking *stacking, const struct imp_entry *entry,
			    uint32_t *out, struct imp_error *err)
{
	struct imp_tree *tree = stacking->tree;
	uint32_t record = (uint32_t)tree->record_count;
	bool file = entry->type == IMP_ENTRY_FILE;
	struct imp_record made = {
		.disk_bytes = entry->disk_bytes,
		.pull_bytes = entry->pull_bytes,
		.node = 0,
		.older = IMP_NONE,
		.group = file ? record : IMP_NONE,
		.layer = stacking->layer,
		.hidden_by = IMP_NOT_HIDDEN,
		.type = (uint8_t)entry->type,
		.fate = IMP_FATE_LIVE,
	};

	int rc = count_bytes(stacking, entry, err);
	if (rc == 0)
		rc = intern_text(stacking, entry->name, &made.name, err);
	if (rc == 0)
		rc = intern_text(stacking, entry->link, &made.link, err);
	if (rc == 0)
		rc = note_attributes(stacking, record, entry, err);
	if (rc < 0)
		return rc;
	start_copy(stacking, record, entry);
	tree->records = imp_xgrow(tree->records, &tree->record_capacity,
				  tree->record_count + 1, sizeof(*tree->records));
	tree->hashes = imp_xgrow(tree->hashes, &tree->hash_capacity,
				 tree->record_count + 1, sizeof(*tree->hashes));
	tree->mtimes_s = imp_xgrow(tree->mtimes_s, &tree->mtime_capacity,
				   tree->record_count + 1, sizeof(*tree->mtimes_s));
	tree->records[record] = made;
	tree->mtimes_s[record] = entry->mtime_s;
	tree->hashes[record] = entry->hash;
	tree->record_count++;
	*out = record;
	return 0;
}
