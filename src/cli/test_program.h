#pragma once

#include <string>
#include <vector>

#include "tests/support/program.h"

namespace hutong::cli::test {

using hutong::test::Call;
using hutong::test::Folder;
using hutong::test::Outcome;

/// The real `hutong`, without a terminal, in Chinese unless the environment says otherwise.
Outcome hutong(const std::vector<std::string>& arguments);
Outcome hutong(const Call& call);
/// Any other program, found by PATH.
Outcome program(const std::string& name, const std::vector<std::string>& arguments);

}  // namespace hutong::cli::test
