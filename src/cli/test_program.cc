#include "cli/test_program.h"

namespace hutong::cli::test {

Outcome hutong(const Call& call) { return ::hutong::test::program(HUTONG_PROGRAM, call); }
Outcome hutong(const std::vector<std::string>& arguments) { return hutong(Call{.arguments = arguments}); }
Outcome program(const std::string& name, const std::vector<std::string>& arguments) {
  return ::hutong::test::program(name, {.arguments = arguments});
}

}  // namespace hutong::cli::test
