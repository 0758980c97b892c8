#include <pthread.h>

#include "decode_priv.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static uint64_t in_use;

void imp_zstd_window_reserve(uint64_t bytes, uint64_t total)
{
	pthread_mutex_lock(&lock);
	while (in_use > 0 && (bytes > total || in_use > total - bytes))
		pthread_cond_wait(&released, &lock);
	in_use += bytes;
	pthread_mutex_unlock(&lock);
}

void imp_zstd_window_release(uint64_t bytes)
{
	pthread_mutex_lock(&lock);
	in_use -= bytes;
	pthread_cond_broadcast(&released);
	pthread_mutex_unlock(&lock);
}

uint64_t imp_zstd_window_in_use(void)
{
	pthread_mutex_lock(&lock);
	uint64_t bytes = in_use;
	pthread_mutex_unlock(&lock);
	return bytes;
}
