// Four lanes. There is no unsigned comparison: flip the sign bits and compare signed.
#include <immintrin.h>

#include "include/CGoldilocks.h"

#define INLINE static inline __attribute__((always_inline))
#define LANE_COUNT 4

typedef __m256i Lanes;

INLINE Lanes splat(uint64_t value) { return _mm256_set1_epi64x((long long)value); }
INLINE Lanes load(const uint64_t *source) {
    return _mm256_loadu_si256((const __m256i_u *)source);
}
INLINE void store(uint64_t *target, Lanes value) {
    _mm256_storeu_si256((__m256i_u *)target, value);
}
INLINE Lanes plus(Lanes a, Lanes b) { return _mm256_add_epi64(a, b); }
INLINE Lanes minus(Lanes a, Lanes b) { return _mm256_sub_epi64(a, b); }
INLINE Lanes both(Lanes a, Lanes b) { return _mm256_and_si256(a, b); }
INLINE Lanes shiftLeft(Lanes a, int bits) { return _mm256_slli_epi64(a, bits); }
INLINE Lanes shiftRight(Lanes a, int bits) { return _mm256_srli_epi64(a, bits); }
INLINE Lanes multiplyLowHalves(Lanes a, Lanes b) { return _mm256_mul_epu32(a, b); }

/// For `multiplyLowHalves` and sums of halves alike; a shift, since sums need the zeros above.
INLINE Lanes highHalf(Lanes a) { return _mm256_srli_epi64(a, 32); }

INLINE Lanes gather(const uint64_t *source, size_t stride) {
    return _mm256_setr_epi64x(
        (long long)source[0], (long long)source[stride], (long long)source[2 * stride],
        (long long)source[3 * stride]);
}

/// The odd halves of one and the even halves of the other.
INLINE Lanes joinHalves(Lanes high, Lanes low) { return _mm256_blend_epi32(low, high, 0xAA); }

INLINE Lanes whereLess(Lanes a, Lanes b) {
    Lanes sign = splat(0x8000000000000000ULL);
    return _mm256_cmpgt_epi64(_mm256_xor_si256(b, sign), _mm256_xor_si256(a, sign));
}

INLINE Lanes plusEpsilonWhereLess(Lanes value, Lanes a, Lanes b) {
    return plus(value, both(whereLess(a, b), splat(GOLDILOCKS_EPSILON)));
}

INLINE Lanes minusEpsilonWhereLess(Lanes value, Lanes a, Lanes b) {
    return minus(value, both(whereLess(a, b), splat(GOLDILOCKS_EPSILON)));
}

INLINE Lanes canonical(Lanes a) {
    Lanes modulus = splat(GOLDILOCKS_MODULUS);
    return minus(a, _mm256_andnot_si256(whereLess(a, modulus), modulus));
}

INLINE Lanes plusOneUnlessZero(Lanes a, Lanes condition) {
    Lanes isZero = _mm256_cmpeq_epi64(condition, _mm256_setzero_si256());
    return plus(plus(a, splat(1)), isZero);
}

#include "LanesWide.h"
