#include <inttypes.h>

#include "imgprof/path.h"

#include "keep.h"
#include "path_clean.h"
#include "profile_format.h"
#include "tar_walk_priv.h"

static void warn(struct imp_layer_walk *walk, const char *code, const char *message)
{
	imp_warnings_add(walk->warnings, code, IMP_NO_LAYER,
			 imp_strbuf_slice(&walk->path), "%s", message);
}

static const struct {
	unsigned remark; /* enum imp_tar_remark */
	const char *code, *message;
} remarks[] = {
	{IMP_TAR_SIZE_AMBIGUOUS, "size-ambiguous",
	 "the tar header and its pax record give two sizes; the pax one holds"},
	{IMP_TAR_HARDLINK_SIZE, "hardlink-size",
	 "the hard link declares data; as for engines it has none"},
	{IMP_TAR_FILE_SLASH, "file-slash",
	 "a file whose name ends in a slash; as for engines it is a file"},
	{IMP_TAR_NEGATIVE_OWNER, "negative-owner",
	 "the owner's number is negative; 0 stands for it"},
	{IMP_TAR_VOLUME_LABEL, "tar-volume-label",
	 "a volume label stands in front; engines refuse it"},
	{IMP_TAR_GLOBAL_PATH, "tar-global-path",
	 "a global pax header names a path or size; as engines do it is ignored"},
	{IMP_TAR_NULL_DEVICE, "null-device",
	 "a character device 0/0 hides a file only on an overlay's disk, not in a layer"},
	{IMP_TAR_OVERLAY_XATTR, "overlay-xattr",
	 "overlay's extended attributes mean nothing in a layer"},
};

static void warn_of_remarks(struct imp_layer_walk *walk, const struct imp_tar_view *view)
{
	for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++)
		if (view->remarks & remarks[i].remark)
			warn(walk, remarks[i].code, remarks[i].message);
	if (view->remarks & IMP_TAR_UNKNOWN_TYPE)
		imp_warnings_add(
			walk->warnings, "tar-unknown-type", IMP_NO_LAYER,
			imp_strbuf_slice(&walk->path),
			"entry type 0x%02x is taken for a file; engines refuse it",
			(unsigned char)view->type_flag);
}

static void set_sense(struct imp_layer_walk *walk, struct imp_entry *entry)
{
	switch (imp_layer_path_read(&walk->path)) {
	case IMP_PATH_PLAIN:
		return;
	case IMP_PATH_LEFTOVER:
		entry->leftover = true;
		return;
	case IMP_PATH_INERT:
		entry->inert = true;
		warn(walk, "whiteout-inert",
		     "a whiteout of nothing, '.' or '..' does nothing");
		entry->type = IMP_ENTRY_WHITEOUT;
		return;
	case IMP_PATH_WHITEOUT:
		entry->type = IMP_ENTRY_WHITEOUT;
		return;
	case IMP_PATH_OPAQUE:
		entry->type = IMP_ENTRY_OPAQUE;
		return;
	}
}

/* No file system can hold it: all such entries share one place. */
static void replace_path(struct imp_layer_walk *walk, struct imp_entry *entry)
{
	imp_warnings_add(walk->warnings, "unrepresentable", IMP_NO_LAYER,
			 imp_strbuf_slice(&walk->path),
			 "path of %zu bytes: it or a component is longer than file "
			 "systems allow",
			 walk->path.len);
	imp_strbuf_reset(&walk->path);
	imp_strbuf_add_text(&walk->path, IMP_UNREPRESENTABLE);
	entry->inert =
		entry->type == IMP_ENTRY_WHITEOUT || entry->type == IMP_ENTRY_OPAQUE;
}

/* TEXT, or as much of it as a profile takes. */
static void copy_text(struct imp_layer_walk *walk, struct imp_slice text,
		      struct imp_strbuf *out)
{
	if (text.len > walk->limits->path_bytes)
		text.len = walk->limits->path_bytes;
	imp_strbuf_reset(out);
	imp_strbuf_add_slice(out, text);
}

static void copy_link(struct imp_layer_walk *walk, struct imp_slice link)
{
	copy_text(walk, link, &walk->link);
	if (link.len > walk->link.len)
		imp_warnings_add(walk->warnings, "unrepresentable", IMP_NO_LAYER,
				 imp_strbuf_slice(&walk->path),
				 "link target of %zu bytes is cut to %zu", link.len,
				 walk->link.len);
}

void imp_layer_walk_name_entry(struct imp_layer_walk *walk,
			       const struct imp_tar_view *view, struct imp_entry *out)
{
	struct imp_entry entry = {
		.type = view->type,
		.disk_bytes = view->disk_bytes,
		.stored_bytes = view->stored_bytes,
		.mode = view->mode,
		.uid = view->uid,
		.gid = view->gid,
		.mtime_s = view->mtime_s,
		.xattrs = view->xattrs,
	};
	imp_strbuf_reset(&walk->path);
	if (imp_path_clean(view->path, &walk->path))
		warn(walk, "path-escapes",
		     "the name leads out of the root; it is held inside");
	warn_of_remarks(walk, view);
	set_sense(walk, &entry);
	if (!imp_layer_path_fits(imp_strbuf_slice(&walk->path), walk->limits))
		replace_path(walk, &entry);
	if (entry.type != IMP_ENTRY_FILE)
		entry.disk_bytes = 0;
	copy_text(walk, view->path, &walk->name);
	copy_link(walk, view->link);
	entry.path = imp_strbuf_slice(&walk->path);
	entry.name = imp_strbuf_slice(&walk->name);
	if (imp_entry_has_link(&entry))
		entry.link = imp_strbuf_slice(&walk->link);
	*out = entry;
}

struct imp_keep_plan imp_layer_walk_plan_keep(const struct imp_layer_walk *walk,
					      const struct imp_tar_view *view,
					      const struct imp_entry *entry)
{
	struct imp_keep_plan plan = {0};
	enum imp_keep keep = IMP_KEEP_NOT;
	uint64_t bytes = entry->disk_bytes;

	if (walk->facts && entry->type == IMP_ENTRY_FILE && !entry->leftover)
		keep = imp_layer_keep(entry->path);
	if (keep == IMP_KEEP_NOT)
		return plan;
	if (keep == IMP_KEEP_HEAD && bytes > IMP_KEEP_HEAD_BYTES)
		bytes = IMP_KEEP_HEAD_BYTES;
	if (keep == IMP_KEEP_SOURCE && bytes > IMP_KEEP_SOURCE_BYTES)
		bytes = IMP_KEEP_SOURCE_BYTES;
	uint64_t most = walk->limits->kept_file_bytes;
	if (keep == IMP_KEEP_DATABASE)
		most *= IMP_KEEP_DATABASE_FILES;
	plan.keep = true;
	plan.fields = keep == IMP_KEEP_FIELDS;
	plan.cut = view->sparse || bytes > most || bytes > walk->kept_left;
	plan.bytes = plan.cut ? 0 : (size_t)bytes;
	return plan;
}
