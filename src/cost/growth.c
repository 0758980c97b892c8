/* How fast what is stored grows, from snapshots. */
#include "imgprof/growth.h"

#define DAY_S UINT64_C(86400)
#define NANO INT64_C(1000000000)

__extension__ typedef unsigned __int128 wide;

/* PART * SCALE / SECONDS, rounded half up, at most LIMIT. */
static uint64_t scaled(uint64_t part, uint64_t scale, uint64_t seconds, uint64_t limit)
{
	wide result = ((wide)part * scale + seconds / 2) / seconds;
	return result > limit ? limit : (uint64_t)result;
}

int64_t imp_growth_per_day(uint64_t before, uint64_t after, uint64_t seconds)
{
	if (after >= before)
		return (int64_t)scaled(after - before, DAY_S, seconds, INT64_MAX);
	return -(int64_t)scaled(before - after, DAY_S, seconds, INT64_MAX);
}

static uint64_t forecast(uint64_t before, uint64_t after, uint64_t seconds)
{
	uint64_t change, scale = IMP_GROWTH_DAYS * DAY_S;

	if (after >= before) {
		change = scaled(after - before, scale, seconds, INT64_MAX);
		return change > INT64_MAX - after ? INT64_MAX : after + change;
	}
	change = scaled(before - after, scale, seconds, INT64_MAX);
	return change > after ? 0 : after - change;
}

static size_t count_before(const struct imp_cost_point *points, size_t count,
			   int64_t time_s)
{
	while (count > 0 && points[count - 1].time_s >= time_s)
		count--;
	return count;
}

void imp_cost_growth_find(const struct imp_cost_point *earlier, size_t count,
			  int64_t now_s, uint64_t now_bytes,
			  const struct imp_price *price, struct imp_cost_growth *out)
{
	size_t before = count_before(earlier, count, now_s);
	size_t old = count_before(earlier, before,
				  now_s - (int64_t)(IMP_GROWTH_DAYS * DAY_S) + 1);

	*out = (struct imp_cost_growth){.snapshots = before};
	if (before == 0)
		return;
	const struct imp_cost_point *since = &earlier[old ? old - 1 : 0];
	uint64_t seconds = (uint64_t)(now_s - since->time_s);
	if (seconds < IMP_GROWTH_LEAST_S)
		return;
	out->known = true;
	out->since_s = since->time_s;
	out->since_bytes = since->stored_bytes;
	out->seconds = seconds;
	out->bytes_per_day = imp_growth_per_day(since->stored_bytes, now_bytes, seconds);
	out->forecast_bytes = forecast(since->stored_bytes, now_bytes, seconds);
	out->forecast_nano = imp_price_month(price, out->forecast_bytes);
}

uint64_t imp_cost_pushed_per_day(const struct imp_cost *cost, int64_t as_of_ns)
{
	int64_t now_s = as_of_ns / NANO;
	int64_t since_s = now_s - (int64_t)(IMP_GROWTH_DAYS * DAY_S);
	uint64_t sum = 0; /* at most what is stored */

	for (size_t i = 0; i < cost->inventory->image_count; i++) {
		const struct imp_cost_image *image = &cost->inventory->images[i];
		int64_t time_s = image->time_ns / NANO;
		if (image->dated && time_s > since_s && time_s <= now_s)
			sum += cost->roots[i].marginal_bytes;
	}
	return (sum + IMP_GROWTH_DAYS / 2) / IMP_GROWTH_DAYS;
}
