/* Packages of which another manager owns every file: Debian's python3-django stands in dpkg's list and
 * in a dist-info. They run when their owner does. */
#include "trail.h"

void imp_trail_share(struct imp_trail *trail)
{
	const struct imp_packages *packages = trail->input->packages;

	for (size_t i = 0; i < packages->also_count; i++) {
		const struct imp_also *also = &packages->also[i];
		uint32_t owner = packages->owner_of[also->record];
		if (owner == IMP_NONE || trail->package_reached[also->package] ||
		    !trail->package_reached[owner] ||
		    packages->list[also->package].sum.files > 0)
			continue;
		trail->package_reached[also->package] = true;
		trail->package_reason[also->package] = imp_trail_say(
			trail, "its files are those of ", packages->list[owner].name, "");
	}
}
