// The loops in which proving spends its time, compiled for three instruction sets and chosen at run
// time. All of them give the same elements of the field; representatives may differ, digests are
// canonical.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Which instructions a kernel may use.
typedef enum : uint32_t {
    GOLDILOCKS_PORTABLE = 0,
    GOLDILOCKS_AVX2 = 1,
    GOLDILOCKS_AVX512 = 2,
} GoldilocksInstructionSet;

/// The best one of this machine.
GoldilocksInstructionSet goldilocks_instruction_set(void);

/// What this process has chosen, at first the best. Kernels are told theirs: this is for whoever
/// calls them. May be read and chosen from any thread.
GoldilocksInstructionSet goldilocks_instruction_set_in_use(void);
void goldilocks_use_instruction_set(GoldilocksInstructionSet instructions);

/// The round constants of Poseidon2, width 12: `external[round * 12 + element]` of 8 rounds, and
/// `internal[round]` of 22; canonical.
typedef struct {
    const uint64_t *external;
    const uint64_t *internal;
} Poseidon2Constants;

/// Permutes one state of twelve.
void poseidon2_permute(uint64_t *state, Poseidon2Constants constants);

/// The sponge, rate 8, over each of `rowCount` rows of `columnCount` elements; `capacity` is what
/// the four capacity elements start as, the same for all rows. Writes four canonical elements a row.
/// `rowCount` is a multiple of 8.
void poseidon2_hash_rows(
    const uint64_t *rows, size_t rowCount, size_t columnCount, const uint64_t *capacity,
    uint64_t *digests, Poseidon2Constants constants, GoldilocksInstructionSet instructions);

/// How many nonces are tried at once.
#define POSEIDON2_NONCE_COUNT 16

/// Puts `first` ... `first + 15` at `position` of copies of `state` and permutes them; bit i of the
/// result is set when the canonical first output of copy i is zero under `mask`.
uint32_t poseidon2_try_nonces(
    const uint64_t *state, size_t position, uint64_t first, uint64_t mask,
    Poseidon2Constants constants, GoldilocksInstructionSet instructions);

/// (x, y) becomes (x + y, (x - y) * twiddle), elementwise.
void goldilocks_butterfly(
    uint64_t *x, uint64_t *y, size_t count, uint64_t twiddle,
    GoldilocksInstructionSet instructions);

/// target[i] = source[i] * factor; they are the same or do not overlap.
void goldilocks_scale(
    const uint64_t *source, uint64_t *target, size_t count, uint64_t factor,
    GoldilocksInstructionSet instructions);

/// How many elements a register of a program holds.
#define GOLDILOCKS_REGISTER_WIDTH 32

/// What a step of a program does with registers; `constant` is one element, not a register.
typedef enum : uint16_t {
    GOLDILOCKS_ADD = 0,                    // first + second
    GOLDILOCKS_SUBTRACT = 1,               // first - second
    GOLDILOCKS_MULTIPLY = 2,               // first * second
    GOLDILOCKS_MULTIPLY_ADD = 3,           // first * second + third
    GOLDILOCKS_ADD_CONSTANT = 4,           // first + constant second
    GOLDILOCKS_MULTIPLY_CONSTANT = 5,      // first * constant second
    GOLDILOCKS_MULTIPLY_CONSTANT_ADD = 6,  // first * constant second + third
} GoldilocksOperation;

typedef struct {
    uint16_t operation, target, first, second, third;
} GoldilocksStep;

/// Runs steps in order on registers of GOLDILOCKS_REGISTER_WIDTH elements each. All places are below
/// the counts of registers and constants; a step may write what it reads.
void goldilocks_run(
    const GoldilocksStep *steps, size_t stepCount, const uint64_t *constants,
    uint64_t *registers, GoldilocksInstructionSet instructions);

/// Column i of GOLDILOCKS_REGISTER_WIDTH rows of `columnCount` elements into register i.
void goldilocks_load_columns(
    const uint64_t *rows, size_t columnCount, uint64_t *registers,
    GoldilocksInstructionSet instructions);
