/* SPDX-License-Identifier: GPL-2.0-only */
/* crypto_memneq() has this header to itself since v6.4. */
#ifdef COMPAT_NO_CRYPTO_UTILS
#include <crypto/algapi.h>
#else
#include_next <crypto/utils.h>
#endif
