#include "tar_header.h"

#include "imgprof/layer.h"

enum {
	NAME_AT = 0,
	NAME_LEN = 100,
	MODE_AT = 100,
	UID_AT = 108,
	GID_AT = 116,
	SHORT_LEN = 8, /* of mode, owner, checksum and device numbers */
	SIZE_AT = 124,
	MTIME_AT = 136,
	LONG_LEN = 12, /* of sizes and times */
	CHECKSUM_AT = 148,
	TYPE_AT = 156,
	LINK_AT = 157,
	LINK_LEN = 100,
	MAGIC_AT = 257,
	MAJOR_AT = 329,
	MINOR_AT = 337,
	PREFIX_AT = 345,
	PREFIX_LEN = 155,
	STAR_PREFIX_LEN = 131,
	STAR_ATIME_AT = 476,
	STAR_CTIME_AT = 488,
	STAR_TRAILER_AT = 508,
	GNU_ATIME_AT = 345,
	GNU_CTIME_AT = 357,
};

static struct imp_slice field(const uint8_t *block, size_t at, size_t len)
{
	return imp_slice((const char *)block + at, len);
}

/* Up to the first NUL. */
static struct imp_slice text(const uint8_t *block, size_t at, size_t len)
{
	struct imp_slice rest = field(block, at, len);
	return imp_slice_cut(&rest, '\0');
}

bool imp_tar_block_is_zero(const uint8_t *block)
{
	return block[0] == 0 && memcmp(block, block + 1, IMP_TAR_BLOCK - 1) == 0;
}

static bool is_padding(char c)
{
	return c == ' ' || c == '\0';
}

/* Padding around octal digits; nothing at all is 0. */
static bool parse_octal(struct imp_slice field, int64_t *out)
{
	while (field.len > 0 && is_padding(field.data[0]))
		field = imp_slice_skip(field, 1);
	while (field.len > 0 && is_padding(field.data[field.len - 1]))
		field.len--;
	struct imp_slice rest = field;
	struct imp_slice digits = imp_slice_cut(&rest, '\0');
	uint64_t value = 0;
	for (size_t i = 0; i < digits.len; i++) {
		char c = digits.data[i];
		if (c < '0' || c > '7' || value >> 60)
			return false;
		value = value << 3 | (uint64_t)(c - '0');
	}
	*out = (int64_t)value;
	return true;
}

/* Two's complement, big-endian; the first bit only says that it is one. */
static bool parse_base256(struct imp_slice field, int64_t *out)
{
	const uint8_t *bytes = (const uint8_t *)field.data;
	uint8_t flip = bytes[0] & 0x40 ? 0xff : 0;
	uint64_t value = 0;
	for (size_t i = 0; i < field.len; i++) {
		uint8_t byte = (uint8_t)(bytes[i] ^ flip);
		if (i == 0)
			byte &= 0x7f;
		if (value >> 56)
			return false;
		value = value << 8 | byte;
	}
	if (value >> 63)
		return false;
	*out = flip ? -(int64_t)value - 1 : (int64_t)value;
	return true;
}

bool imp_tar_number(struct imp_slice field, int64_t *out)
{
	if (field.len > 0 && (uint8_t)field.data[0] & 0x80)
		return parse_base256(field, out);
	return parse_octal(field, out);
}

bool imp_tar_checksum_fits(const uint8_t *block)
{
	int64_t expected;
	struct imp_slice stored = field(block, CHECKSUM_AT, SHORT_LEN);
	if (!parse_octal(stored, &expected))
		return false;
	int32_t sum = 0, high = 0;
	for (size_t i = 0; i < IMP_TAR_BLOCK; i++) {
		sum += block[i];
		high += block[i] >> 7;
	}
	for (size_t i = CHECKSUM_AT; i < CHECKSUM_AT + SHORT_LEN; i++) {
		sum += ' ' - block[i];
		high -= block[i] >> 7;
	}
	/* Some old writers summed signed bytes: 256 less for each byte above 127. */
	return expected == sum || expected == sum - 256 * high;
}

static enum imp_tar_dialect dialect(const uint8_t *block)
{
	const uint8_t *magic = block + MAGIC_AT;
	if (memcmp(magic, "ustar  \0", 8) == 0)
		return IMP_TAR_GNU;
	if (memcmp(magic, "ustar\0", 6) != 0)
		return IMP_TAR_V7;
	return memcmp(block + STAR_TRAILER_AT, "tar\0", 4) == 0 ? IMP_TAR_STAR
								: IMP_TAR_USTAR;
}

static bool is_number(const uint8_t *block, size_t at)
{
	int64_t ignored;
	return imp_tar_number(field(block, at, LONG_LEN), &ignored);
}

static bool is_ascii(struct imp_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((uint8_t)text.data[i] >= 0x80)
			return false;
	return true;
}

/* GNU headers have times where others have a prefix; but Go before 1.8 wrote a prefix
 * there (golang.org/issue/12594), and its reader takes it for one when the times are no
 * numbers. */
static struct imp_slice gnu_prefix(const uint8_t *block)
{
	bool times = (block[GNU_ATIME_AT] == 0 || is_number(block, GNU_ATIME_AT)) &&
		     (block[GNU_CTIME_AT] == 0 || is_number(block, GNU_CTIME_AT));
	struct imp_slice prefix = text(block, PREFIX_AT, PREFIX_LEN);
	return !times && is_ascii(prefix) ? prefix : (struct imp_slice){0};
}

static struct imp_slice header_prefix(const uint8_t *block, enum imp_tar_dialect dialect)
{
	switch (dialect) {
	case IMP_TAR_USTAR:
		return text(block, PREFIX_AT, PREFIX_LEN);
	case IMP_TAR_STAR:
		return text(block, PREFIX_AT, STAR_PREFIX_LEN);
	case IMP_TAR_GNU:
		return gnu_prefix(block);
	case IMP_TAR_V7:
		break;
	}
	return (struct imp_slice){0};
}

/* 0 for what is no number, and then *BAD. */
static int64_t number(const uint8_t *block, size_t at, size_t len, bool *bad)
{
	int64_t value;
	if (imp_tar_number(field(block, at, len), &value))
		return value;
	*bad = true;
	return 0;
}

static uint64_t owner(const uint8_t *block, size_t at, struct imp_tar_header *header,
		      bool *bad)
{
	int64_t id = number(block, at, SHORT_LEN, bad);
	header->negative_owner |= id < 0;
	return id < 0 ? 0 : (uint64_t)id;
}

/* Times that engines read though nobody needs them. */
static void read_star_times(const uint8_t *block, bool *bad)
{
	number(block, STAR_ATIME_AT, LONG_LEN, bad);
	number(block, STAR_CTIME_AT, LONG_LEN, bad);
}

int imp_tar_header_parse(const uint8_t *block, struct imp_tar_header *out,
			 struct imp_error *err)
{
	bool bad = false;
	int64_t size = number(block, SIZE_AT, LONG_LEN, &bad);
	if (bad || size < 0 || (uint64_t)size >= IMP_TAR_MAX_BYTES)
		return imp_fail(err, IMP_E_FORMAT,
				"size field of a tar header is no size below 2^60");

	struct imp_tar_header header = {
		.dialect = dialect(block),
		.type = (char)block[TYPE_AT],
		.name = text(block, NAME_AT, NAME_LEN),
		.link = text(block, LINK_AT, LINK_LEN),
		.size_bytes = (uint64_t)size,
		.mode = (uint32_t)number(block, MODE_AT, SHORT_LEN, &bad) & 07777,
		.mtime_s = number(block, MTIME_AT, LONG_LEN, &bad),
	};
	header.prefix = header_prefix(block, header.dialect);
	header.uid = owner(block, UID_AT, &header, &bad);
	header.gid = owner(block, GID_AT, &header, &bad);
	if (header.dialect != IMP_TAR_V7) {
		int64_t device = number(block, MAJOR_AT, SHORT_LEN, &bad);
		device |= number(block, MINOR_AT, SHORT_LEN, &bad);
		header.null_device = device == 0;
	}
	if (header.dialect == IMP_TAR_STAR)
		read_star_times(block, &bad);
	if (bad)
		return imp_fail(err, IMP_E_FORMAT,
				"mode, owner, time or device of a tar header is no "
				"number");
	*out = header;
	return 0;
}

bool imp_tar_plausible(struct imp_slice head)
{
	const uint8_t *block = (const uint8_t *)head.data;
	return head.len >= IMP_TAR_BLOCK &&
	       (imp_tar_block_is_zero(block) || imp_tar_checksum_fits(block));
}
