// malloc_trim, which the Glibc module of Swift leaves out.
#include <malloc.h>
