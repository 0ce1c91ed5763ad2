/* Included before every file of AWS-LC when `cargo xtask` builds the wheel for Linux.

   AWS-LC keeps every algorithm of its own reachable, so the linker cannot leave out what no token uses. OPENSSL_SMALL
   leaves out the tables of curves, and the second implementations of those curves. Defined on the command line it would
   turn the AVX-512 code off as well, and with it half of the speed of RSA; that is decided in target.h, so it comes after.
   The compiler's checks of its own features have no such header. */
#if defined(__has_include)
#if __has_include(<openssl/target.h>)
#include <openssl/target.h>
#define OPENSSL_SMALL 1
#endif

/* In the same way: AES-GCM by AVX-512 goes, and RSA by AVX-512, decided in rsaz_exp.h, stays; Curve25519 and Ed25519 are
   left with their portable code, which needs none of four tables of 48 kB. Together 280 kB of a wheel. */
#if !defined(__ASSEMBLER__) && __has_include(<openssl/../../crypto/fipsmodule/bn/rsaz_exp.h>)
/* Some files ask for this before they include anything. */
#define _DEFAULT_SOURCE 1
#include <openssl/../../crypto/fipsmodule/bn/rsaz_exp.h>
#include <openssl/../../crypto/fipsmodule/curve25519/internal.h>
#define MY_ASSEMBLER_IS_TOO_OLD_FOR_512AVX 1
#undef CURVE25519_S2N_BIGNUM_CAPABLE
#endif
#endif
