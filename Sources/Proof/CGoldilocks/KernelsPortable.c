#include "KernelDeclarations.h"

#define SET portable
#include "LanesPortable.h"
#include "KernelBodies.h"
#include "KernelFunctions.h"

void poseidon2_permute(uint64_t *state, Poseidon2Constants constants) { permute(state, 1, constants); }
