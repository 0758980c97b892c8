#include "inflate_priv.h"

#include "imgprof/decode.h"

#ifdef HAVE_ISAL
const struct imp_inflate_engine *const imp_inflate_default = &imp_inflate_isal;
#else
const struct imp_inflate_engine *const imp_inflate_default = &imp_inflate_zlib;
#endif

const char *imp_inflate_engine(void)
{
	return imp_inflate_default->name;
}
