#include "decode_priv.h"

/* Takes the next chunk when nothing is left. */
static int refill(struct imp_input *in, struct imp_error *err)
{
	if (in->len == 0) {
		in->data = in->later;
		in->len = in->later_len;
		in->later_len = 0;
	}
	if (in->len > 0)
		return 0;

	struct imp_chunk chunk;
	int rc = imp_stream_next(in->inner, &chunk, err);
	if (rc == 0) {
		in->data = chunk.data;
		in->len = chunk.len;
	}
	return rc;
}

int imp_input_gather(struct imp_input *in, size_t want, struct imp_error *err)
{
	int rc = refill(in, err);
	if (rc != 0 || in->len >= want)
		return rc;

	size_t have = in->len;
	memmove(in->gathered, in->data, have);
	in->data = in->gathered;
	while (have < want) {
		/* The bytes behind the gathered ones become the front for a moment. */
		in->len = 0;
		rc = refill(in, err);
		if (rc != 0)
			break;
		size_t n = in->len < want - have ? in->len : want - have;
		memcpy(in->gathered + have, in->data, n);
		have += n;
		in->later = in->data + n;
		in->later_len = in->len - n;
	}
	in->data = in->gathered;
	in->len = have;
	return rc;
}

void imp_input_take(struct imp_input *in, size_t n)
{
	in->data += n;
	in->len -= n;
	in->offset += n;
}
