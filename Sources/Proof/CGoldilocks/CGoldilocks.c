// The header is all there is: SwiftPM asks a C target for one translation unit.
#include "CGoldilocks.h"
