// Eight lanes.
#include <immintrin.h>

#include "Quotients.h"
#include "include/CGoldilocks.h"

#define INLINE static inline __attribute__((always_inline))
#define LANE_COUNT 8

typedef __m512i Lanes;

INLINE Lanes splat(uint64_t value) { return _mm512_set1_epi64((long long)value); }
INLINE Lanes load(const uint64_t *source) { return _mm512_loadu_si512(source); }
INLINE void store(uint64_t *target, Lanes value) { _mm512_storeu_si512(target, value); }
INLINE Lanes plus(Lanes a, Lanes b) { return _mm512_add_epi64(a, b); }
INLINE Lanes minus(Lanes a, Lanes b) { return _mm512_sub_epi64(a, b); }
INLINE Lanes both(Lanes a, Lanes b) { return _mm512_and_si512(a, b); }
INLINE Lanes highHalf(Lanes a) { return _mm512_srli_epi64(a, 32); }
INLINE Lanes shiftLeft(Lanes a, int bits) { return _mm512_slli_epi64(a, bits); }
INLINE Lanes shiftRight(Lanes a, int bits) { return _mm512_srli_epi64(a, bits); }
INLINE Lanes multiplyLowHalves(Lanes a, Lanes b) { return _mm512_mul_epu32(a, b); }

INLINE Lanes gather(const uint64_t *source, size_t stride) {
    Lanes lanes = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm512_i64gather_epi64(_mm512_mullo_epi64(lanes, splat(stride)), source, 8);
}

/// The low halves of both, the first's on top.
INLINE Lanes joinLowHalves(Lanes high, Lanes low) {
    return _mm512_mask_shuffle_epi32(low, 0xAAAA, high, 0xA0);
}

/// 2^32 - 1 in a shape that the compiler does not know: it would turn products with it into two
/// shifts and a subtraction, and shifts are what these machines have fewest units for.
INLINE Lanes opaqueEpsilon(void) {
    Lanes epsilon = splat(GOLDILOCKS_EPSILON);
    __asm__("" : "+v"(epsilon));
    return epsilon;
}

INLINE Lanes plusEpsilonWhereLess(Lanes value, Lanes a, Lanes b) {
    return _mm512_mask_add_epi64(
        value, _mm512_cmplt_epu64_mask(a, b), value, splat(GOLDILOCKS_EPSILON));
}

INLINE Lanes minusEpsilonWhereLess(Lanes value, Lanes a, Lanes b) {
    return _mm512_mask_sub_epi64(
        value, _mm512_cmplt_epu64_mask(a, b), value, splat(GOLDILOCKS_EPSILON));
}

/// a - p wraps above a where a < p.
INLINE Lanes canonical(Lanes a) {
    return _mm512_min_epu64(a, plus(a, splat(GOLDILOCKS_EPSILON)));
}

/// x / 2^bits for bits <= 3; a place in a table of eight is the low three bits of a lane.
INLINE Lanes divide(Lanes x, int bits) {
    return plus(shiftRight(x, bits), _mm512_permutexvar_epi64(x, load(QUOTIENTS[bits])));
}

#include "LanesWide.h"
