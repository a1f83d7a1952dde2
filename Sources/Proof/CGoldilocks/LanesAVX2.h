// Four lanes. There is no unsigned comparison: flip the sign bits and compare signed.
#include <immintrin.h>

#include "Quotients.h"
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

/// The low halves of both, the first's on top.
INLINE Lanes joinLowHalves(Lanes high, Lanes low) {
    return _mm256_blend_epi32(low, _mm256_shuffle_epi32(high, 0xA0), 0xAA);
}

/// 2^32 - 1 in a shape that the compiler does not know: it would turn products with it into two
/// shifts and a subtraction, and shifts are what these machines have fewest units for.
INLINE Lanes opaqueEpsilon(void) {
    Lanes epsilon = splat(GOLDILOCKS_EPSILON);
    __asm__("" : "+x"(epsilon));
    return epsilon;
}

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

INLINE Lanes half(Lanes x) {
    __m256d odd = _mm256_castsi256_pd(shiftLeft(x, 63));
    __m256d quotient = _mm256_castsi256_pd(splat(QUOTIENTS[1][1]));
    return plus(
        shiftRight(x, 1),
        _mm256_castpd_si256(_mm256_blendv_pd(_mm256_setzero_pd(), quotient, odd)));
}

/// The four quotients are eight halves; a place in them is the low three bits of a half lane.
INLINE Lanes quarter(Lanes x) {
    Lanes even = _mm256_shuffle_epi32(shiftLeft(x, 1), 0xA0);
    Lanes places = _mm256_or_si256(even, splat(1ULL << 32));
    return plus(
        shiftRight(x, 2), _mm256_permutevar8x32_epi32(load(QUOTIENTS[2]), places));
}

/// x / 2^bits for bits <= 3.
INLINE Lanes divide(Lanes x, int bits) {
    return bits == 1 ? half(x) : bits == 2 ? quarter(x) : half(quarter(x));
}

#include "LanesWide.h"
