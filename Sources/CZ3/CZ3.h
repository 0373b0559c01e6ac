// The C interface of Z3, as Swift sees it.

#ifndef CZ3_H
#define CZ3_H

#include <z3.h>

#endif
