/* Included before every file of AWS-LC when `cargo xtask` builds the wheel for x86_64 Linux.

   OPENSSL_SMALL leaves out the tables of curves that no token uses, and the second implementations of those curves:
   AWS-LC keeps every algorithm of its own reachable, so the linker cannot. Defined on the command line it would turn
   the AVX-512 code off as well, and with it half of the speed of RSA; that is decided in target.h, so it comes after.
   The compiler's checks of its own features have no such header. */
#if defined(__has_include)
#if __has_include(<openssl/target.h>)
#include <openssl/target.h>
#define OPENSSL_SMALL 1
#endif
#endif
