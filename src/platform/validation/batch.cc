#include "platform/validation/batch.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>
#include <utility>

#include "net/json.h"

namespace hutong::platform {
namespace {

/// A question has a dozen values at most, its chain apart.
constexpr net::JsonLimits kBatchLimits{.depth = 5, .values = 400'000};
constexpr std::size_t kAtOnce = 16;  ///< questions that a thread takes; so many pay for one more thread

Result<Upload> read_question(const net::Json& question) {
  if (question.is_object() && question.contains("report")) {
    return Error{Errc::kMalformed, "upload.unknown_field", "the answers to a batch are summaries"};
  }
  return read_upload(question);
}

std::string problem_of(const Error& error) {
  return net::to_text({{"problem", {{"code", error.reason}, {"detail", error.detail}}}});
}

}  // namespace

Result<ValidateBatch::Input> ValidateBatch::parse(const net::Request& request) {
  if (net::parse_media_type(request.headers.find("content-type").value_or("")).type != "application/json") {
    return Error{Errc::kPolicy, "http.content_type", "send application/json"};
  }
  HUTONG_TRY(const auto json, net::parse_json(as_text(request.body), kBatchLimits));
  const auto questions = json.find("questions");
  if (!json.is_object() || json.size() != 1 || questions == json.end() || !questions->is_array()) {
    return Error{Errc::kMalformed, "batch.questions", "the body is an object with the array \"questions\""};
  }
  if (questions->size() > kMostQuestions) {
    return Error{Errc::kLimit, "batch.too_many",
                 "more than " + std::to_string(kMostQuestions) + " questions in one batch"};
  }
  Input input;
  input.questions.reserve(questions->size());
  std::ranges::transform(*questions, std::back_inserter(input.questions), read_question);
  return input;
}

Result<ValidateBatch::Output> ValidateBatch::process(const Input& input) const {
  const auto& questions = input.questions;
  Output output{.answers = std::vector<std::string>(questions.size())};
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t begin = 0; (begin = next.fetch_add(kAtOnce)) < questions.size();) {
      for (std::size_t i = begin; i < std::min(begin + kAtOnce, questions.size()); ++i) {
        output.answers[i] =
            questions[i] ? validation_->summarise(*questions[i]) : problem_of(questions[i].error());
      }
    }
  };
  const std::size_t most = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min(most, questions.size() / kAtOnce); ++i) {
    helpers.emplace_back(work);
  }
  work();
  helpers.clear();
  return output;
}

net::Response ValidateBatch::render(const Output& output) {
  const std::size_t octets =
      std::accumulate(output.answers.begin(), output.answers.end(), std::size_t{32},
                      [](std::size_t sum, const std::string& answer) { return sum + answer.size() + 1; });
  net::Response response;
  response.body.reserve(octets);
  response.body = "{\"answers\":[";
  for (const std::string& answer : output.answers) {
    response.body += answer;
    response.body += ',';
  }
  if (!output.answers.empty()) {
    response.body.pop_back();
  }
  response.body += "]}";
  return response;
}

}  // namespace hutong::platform
