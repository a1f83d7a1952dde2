// The kernels of each instruction set, for the dispatch.
#pragma once

#include "include/GoldilocksKernels.h"

#define DECLARE_KERNELS(set) \
    void poseidon2_hash_rows_##set( \
        const uint64_t *rows, size_t rowCount, size_t columnCount, const uint64_t *capacity, \
        uint64_t *digests, Poseidon2Constants constants); \
    uint32_t poseidon2_try_nonces_##set( \
        const uint64_t *state, size_t position, uint64_t first, uint64_t mask, \
        Poseidon2Constants constants); \
    void goldilocks_butterfly_##set( \
        uint64_t *x, uint64_t *y, size_t count, uint64_t twiddle); \
    void goldilocks_scale_##set( \
        const uint64_t *source, uint64_t *target, size_t count, uint64_t factor); \
    void goldilocks_run_##set( \
        const GoldilocksStep *steps, size_t stepCount, const uint64_t *constants, \
        uint64_t *registers); \
    void goldilocks_load_columns_##set( \
        const uint64_t *rows, size_t columnCount, uint64_t *registers);

DECLARE_KERNELS(portable)
#if defined(__x86_64__)
DECLARE_KERNELS(avx2)
DECLARE_KERNELS(avx512)
#endif
