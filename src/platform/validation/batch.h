#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/http.h"
#include "platform/validation/handlers.h"
#include "platform/validation/upload.h"

namespace hutong::platform {

/// POST /api/v1/validation-batches: many questions in one request, answered by summaries in their order. A
/// question that cannot be read, or says what only single ones may (`report`), has a problem in its place and
/// costs the others nothing. They are judged side by side on all processors.
class ValidateBatch {
 public:
  static constexpr std::size_t kMostQuestions = 10'000;

  struct Input {
    std::vector<Result<Upload>> questions;
  };
  struct Output {
    std::vector<std::string> answers;  ///< a summary or a problem each, JSON
  };
  explicit ValidateBatch(const CreateValidation& validation) : validation_(&validation) {}
  /// kPolicy "http.content_type"; kMalformed "batch.questions" (no array "questions", or another member);
  /// kLimit "batch.too_many"; and the errors of parse_json.
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input) const;
  static net::Response render(const Output& output);

 private:
  const CreateValidation* validation_;
};

}  // namespace hutong::platform
