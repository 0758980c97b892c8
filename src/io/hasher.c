#include "imgprof/hash.h"

#include <pthread.h>

#include <openssl/evp.h>

#include "imgprof/arena.h"

struct imp_hasher {
	enum imp_digest_algorithm algorithm;
	EVP_MD_CTX *context;
};

/* Fetched once: a lookup in OpenSSL's providers for each small object costs more than its
 * hash. */
static const EVP_MD *sha256, *sha512;

static void fetch_algorithms(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!sha256)
		sha256 = EVP_sha256();
	sha512 = EVP_MD_fetch(NULL, "SHA512", NULL);
	if (!sha512)
		sha512 = EVP_sha512();
}

static const EVP_MD *evp(enum imp_digest_algorithm algorithm)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, fetch_algorithms);
	return algorithm == IMP_DIGEST_SHA512 ? sha512 : sha256;
}

struct imp_hasher *imp_hasher_create(enum imp_digest_algorithm algorithm)
{
	struct imp_hasher *hasher = imp_xmalloc(sizeof(*hasher));
	hasher->algorithm = algorithm;
	hasher->context = EVP_MD_CTX_new();
	if (!hasher->context ||
	    EVP_DigestInit_ex2(hasher->context, evp(algorithm), NULL) != 1)
		imp_die_of_memory(sizeof(*hasher));
	return hasher;
}

void imp_hasher_add(struct imp_hasher *hasher, const void *data, size_t len)
{
	EVP_DigestUpdate(hasher->context, data, len);
}

void imp_hasher_result(struct imp_hasher *hasher, struct imp_digest *out)
{
	*out = (struct imp_digest){.algorithm = (uint8_t)hasher->algorithm};
	EVP_DigestFinal_ex(hasher->context, out->bytes, NULL);
}

void imp_hasher_destroy(struct imp_hasher *hasher)
{
	if (!hasher)
		return;
	EVP_MD_CTX_free(hasher->context);
	free(hasher);
}

void imp_digest_of(enum imp_digest_algorithm algorithm, struct imp_slice data,
		   struct imp_digest *out)
{
	imp_auto_destroy(imp_hasher) struct imp_hasher *hasher =
		imp_hasher_create(algorithm);
	imp_hasher_add(hasher, data.data, data.len);
	imp_hasher_result(hasher, out);
}
