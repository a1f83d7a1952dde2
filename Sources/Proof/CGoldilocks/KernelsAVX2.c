#if defined(__x86_64__)
#include <immintrin.h>
#include "include/CGoldilocks.h"
#include "KernelDeclarations.h"

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define SET avx2
#include "LanesAVX2.h"
#include "KernelBodies.h"
#include "KernelFunctions.h"
#pragma clang attribute pop
#endif
