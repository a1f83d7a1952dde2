#if defined(__x86_64__)
#include <immintrin.h>
#include "include/CGoldilocks.h"
#include "KernelDeclarations.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"))), apply_to = function)
#define SET avx512
#include "LanesAVX512.h"
#include "KernelBodies.h"
#include "KernelFunctions.h"
#pragma clang attribute pop
#endif
