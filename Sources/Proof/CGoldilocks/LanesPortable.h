// One lane: plain integers.
#include "Quotients.h"
#include "include/CGoldilocks.h"

#define INLINE static inline __attribute__((always_inline))
#define LANE_COUNT 1
#define GROUP 1

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

INLINE Lanes canonical(Lanes a) {
    return a >= GOLDILOCKS_MODULUS ? a - GOLDILOCKS_MODULUS : a;
}

INLINE Lanes addCanonical(Lanes a, Lanes b) { return goldilocks_add_canonical(a, b); }
INLINE Lanes add(Lanes a, Lanes b) { return goldilocks_add(a, b); }
INLINE Lanes subtract(Lanes a, Lanes b) { return goldilocks_subtract(a, b); }
INLINE Lanes multiply(Lanes a, Lanes b) { return goldilocks_multiply(a, b); }
INLINE Lanes square(Lanes a) { return goldilocks_multiply(a, a); }

/// a - b where b <= p.
INLINE Lanes subtractCanonical(Lanes a, Lanes b) {
    Lanes difference = a - b;
    return __builtin_unpredictable(a < b) ? difference - GOLDILOCKS_EPSILON : difference;
}

/// a * (2^32 - 1) for a < 2^32.
INLINE Lanes timesEpsilon(Lanes a) { return (a << 32) - a; }

/// x / 2^bits for bits <= 3.
INLINE Lanes divide(Lanes x, int bits) { return (x >> bits) + QUOTIENTS[bits][x & 7]; }

INLINE void multiplyEach(Lanes *products, const Lanes *a, const Lanes *b, int count) {
    for (int i = 0; i < count; i++) products[i] = multiply(a[i], b[i]);
}

INLINE void squareEach(Lanes *squares, const Lanes *a, int count) {
    for (int i = 0; i < count; i++) squares[i] = square(a[i]);
}
