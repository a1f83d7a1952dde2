// Asks the machine what it can do, and calls the kernels of the set asked for. Asking for more
// than the machine has is a bug of the caller.
#include <stdatomic.h>

#include "KernelDeclarations.h"

#if defined(__x86_64__)
#define DISPATCH(function, ...) \
    switch (instructions) { \
    case GOLDILOCKS_AVX512: return function##_avx512(__VA_ARGS__); \
    case GOLDILOCKS_AVX2: return function##_avx2(__VA_ARGS__); \
    case GOLDILOCKS_PORTABLE: break; \
    } \
    return function##_portable(__VA_ARGS__)
#else
#define DISPATCH(function, ...) \
    (void)instructions; \
    return function##_portable(__VA_ARGS__)
#endif

GoldilocksInstructionSet goldilocks_instruction_set(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
        return GOLDILOCKS_AVX512;
    }
    if (__builtin_cpu_supports("avx2")) return GOLDILOCKS_AVX2;
#endif
    return GOLDILOCKS_PORTABLE;
}

/// One more than the set that was chosen; zero where none was.
static _Atomic uint32_t chosen;

GoldilocksInstructionSet goldilocks_instruction_set_in_use(void) {
    uint32_t set = atomic_load_explicit(&chosen, memory_order_relaxed);
    return set ? (GoldilocksInstructionSet)(set - 1) : goldilocks_instruction_set();
}

void goldilocks_use_instruction_set(GoldilocksInstructionSet instructions) {
    atomic_store_explicit(&chosen, (uint32_t)instructions + 1, memory_order_relaxed);
}

void poseidon2_hash_rows(
    const uint64_t *rows, size_t rowCount, size_t columnCount, const uint64_t *capacity,
    uint64_t *digests, Poseidon2Constants constants, GoldilocksInstructionSet instructions
) {
    DISPATCH(
        poseidon2_hash_rows, rows, rowCount, columnCount, capacity, digests, constants);
}

uint32_t poseidon2_try_nonces(
    const uint64_t *state, size_t position, uint64_t first, uint64_t mask,
    Poseidon2Constants constants, GoldilocksInstructionSet instructions
) {
    DISPATCH(poseidon2_try_nonces, state, position, first, mask, constants);
}

void goldilocks_butterfly(
    uint64_t *x, uint64_t *y, size_t count, uint64_t twiddle,
    GoldilocksInstructionSet instructions
) {
    DISPATCH(goldilocks_butterfly, x, y, count, twiddle);
}

void goldilocks_scale(
    const uint64_t *source, uint64_t *target, size_t count, uint64_t factor,
    GoldilocksInstructionSet instructions
) {
    DISPATCH(goldilocks_scale, source, target, count, factor);
}

void goldilocks_run(
    const GoldilocksStep *steps, size_t stepCount, const uint64_t *constants,
    uint64_t *registers, GoldilocksInstructionSet instructions
) {
    DISPATCH(goldilocks_run, steps, stepCount, constants, registers);
}

void goldilocks_load_columns(
    const uint64_t *rows, size_t columnCount, uint64_t *registers,
    GoldilocksInstructionSet instructions
) {
    DISPATCH(goldilocks_load_columns, rows, columnCount, registers);
}
