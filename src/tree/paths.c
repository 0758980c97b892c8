#include "stacking_priv.h"

bool imp_path_is_hidden(struct imp_slice path)
{
	while (path.len > 0)
		if (imp_slice_starts(imp_slice_cut(&path, '/'), IMP_SLICE(".wh.")))
			return true;
	return false;
}
