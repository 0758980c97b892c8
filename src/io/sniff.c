#include "imgprof/decode.h"

enum { TAR_BLOCK = 512, TAR_CHECKSUM_AT = 148, TAR_CHECKSUM_LEN = 8 };

const char *imp_compression_name(enum imp_compression compression)
{
	switch (compression) {
	case IMP_COMPRESSION_GZIP:
		return "gzip";
	case IMP_COMPRESSION_ZSTD:
		return "zstd";
	case IMP_COMPRESSION_NONE:
		break;
	}
	return "none";
}

/* A stream that ends inside the magic counts: it is a truncated one, not a plain one. */
static bool begins(struct imp_slice head, struct imp_slice magic)
{
	size_t n = head.len < magic.len ? head.len : magic.len;
	return n > 0 && memcmp(head.data, magic.data, n) == 0;
}

static bool is_skippable_frame(struct imp_slice head)
{
	return head.len >= 4 && ((unsigned char)head.data[0] & 0xf0) == 0x50 &&
	       memcmp(head.data + 1, "\x2a\x4d\x18", 3) == 0;
}

/* The checksum of a tar header fits: whatever the name looks like, this is a tar. */
static bool is_tar_header(struct imp_slice head)
{
	if (head.len < TAR_BLOCK)
		return false;

	unsigned sum = TAR_CHECKSUM_LEN * ' ';
	for (int i = 0; i < TAR_BLOCK; i++)
		if (i < TAR_CHECKSUM_AT || i >= TAR_CHECKSUM_AT + TAR_CHECKSUM_LEN)
			sum += (unsigned char)head.data[i];

	unsigned stored = 0;
	const char *digit = head.data + TAR_CHECKSUM_AT;
	const char *end = digit + TAR_CHECKSUM_LEN;
	while (digit < end && *digit == ' ')
		digit++;
	for (; digit < end && *digit >= '0' && *digit <= '7'; digit++)
		stored = stored * 8 + (unsigned)(*digit - '0');
	return stored == sum;
}

static bool is_bzip2(struct imp_slice head)
{
	struct imp_slice block = imp_slice_skip(head, 4);
	return imp_slice_starts(head, IMP_SLICE("BZh")) && head.len >= 4 &&
	       head.data[3] >= '1' && head.data[3] <= '9' &&
	       (imp_slice_starts(block, IMP_SLICE("\x31\x41\x59\x26\x53\x59")) ||
		imp_slice_starts(block, IMP_SLICE("\x17\x72\x45\x38\x50\x90")));
}

static const char *refused_name(struct imp_slice head)
{
	if (imp_slice_starts(head, IMP_SLICE("\xfd\x37\x7a\x58\x5a\x00")))
		return "xz";
	if (is_bzip2(head))
		return "bzip2";
	if (imp_slice_starts(head, IMP_SLICE("\x04\x22\x4d\x18")) ||
	    imp_slice_starts(head, IMP_SLICE("\x02\x21\x4c\x18")))
		return "lz4";
	return NULL;
}

int imp_compression_sniff(struct imp_slice head, enum imp_compression *out,
			  struct imp_error *err)
{
	if (begins(head, IMP_SLICE("\x1f\x8b\x08"))) {
		*out = IMP_COMPRESSION_GZIP;
		return 0;
	}
	if (begins(head, IMP_SLICE("\x28\xb5\x2f\xfd")) || is_skippable_frame(head)) {
		*out = IMP_COMPRESSION_ZSTD;
		return 0;
	}
	const char *refused = is_tar_header(head) ? NULL : refused_name(head);
	if (refused)
		return imp_fail(err, IMP_E_UNSUPPORTED,
				"compressed with %s, expected gzip, zstd or plain tar",
				refused);
	*out = IMP_COMPRESSION_NONE;
	return 0;
}
