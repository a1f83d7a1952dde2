// One lane: plain integers.
#include "include/CGoldilocks.h"

#define INLINE static inline __attribute__((always_inline))
#define LANE_COUNT 1

typedef uint64_t Lanes;

INLINE Lanes splat(uint64_t value) { return value; }
INLINE Lanes load(const uint64_t *source) { return *source; }
INLINE Lanes gather(const uint64_t *source, size_t stride) { return *source; }
INLINE void store(uint64_t *target, Lanes value) { *target = value; }
INLINE Lanes plus(Lanes a, Lanes b) { return a + b; }
INLINE Lanes minus(Lanes a, Lanes b) { return a - b; }
INLINE Lanes both(Lanes a, Lanes b) { return a & b; }
INLINE Lanes lowHalf(Lanes a) { return a & GOLDILOCKS_EPSILON; }
INLINE Lanes highHalf(Lanes a) { return a >> 32; }
INLINE Lanes shiftLeft(Lanes a, int bits) { return a << bits; }
INLINE Lanes shiftRight(Lanes a, int bits) { return a >> bits; }
INLINE Lanes plusOneUnlessZero(Lanes a, Lanes condition) { return a + (condition != 0); }

INLINE Lanes canonical(Lanes a) {
    return a >= GOLDILOCKS_MODULUS ? a - GOLDILOCKS_MODULUS : a;
}

INLINE Lanes addCanonical(Lanes a, Lanes b) { return goldilocks_add_canonical(a, b); }
INLINE Lanes add(Lanes a, Lanes b) { return goldilocks_add(a, b); }
INLINE Lanes subtract(Lanes a, Lanes b) { return goldilocks_subtract(a, b); }
INLINE Lanes multiply(Lanes a, Lanes b) { return goldilocks_multiply(a, b); }
INLINE Lanes square(Lanes a) { return goldilocks_multiply(a, a); }
