// Eight lanes.
#include <immintrin.h>

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

/// The odd halves of one and the even halves of the other.
INLINE Lanes joinHalves(Lanes high, Lanes low) {
    return _mm512_mask_blend_epi32(0xAAAA, low, high);
}

INLINE Lanes plusEpsilonWhereLess(Lanes value, Lanes a, Lanes b) {
    return _mm512_mask_add_epi64(
        value, _mm512_cmplt_epu64_mask(a, b), value, splat(GOLDILOCKS_EPSILON));
}

INLINE Lanes minusEpsilonWhereLess(Lanes value, Lanes a, Lanes b) {
    return _mm512_mask_sub_epi64(
        value, _mm512_cmplt_epu64_mask(a, b), value, splat(GOLDILOCKS_EPSILON));
}

INLINE Lanes canonical(Lanes a) {
    Lanes modulus = splat(GOLDILOCKS_MODULUS);
    return _mm512_mask_sub_epi64(a, _mm512_cmpge_epu64_mask(a, modulus), a, modulus);
}

INLINE Lanes plusOneUnlessZero(Lanes a, Lanes condition) {
    return _mm512_mask_add_epi64(a, _mm512_test_epi64_mask(condition, condition), a, splat(1));
}

#include "LanesWide.h"
