#pragma once

#include <dlfcn.h>

#include "token/skf.h"

/// The function of the software token that a faulty one stands before.
template <typename Function>
Function original(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}
