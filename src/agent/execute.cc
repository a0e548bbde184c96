#include "agent/execute.h"

#include <exception>
#include <optional>
#include <utility>

#include "agent/answer.h"
#include "base/encoding.h"
#include "net/log.h"

namespace hutong::agent {
namespace {

using net::Json;

constexpr std::size_t kMostInline = 1'500'000;  ///< base64 of it fits in a text frame

/// After these the token's own login is not what it was.
bool ends_login(std::string_view reason) {
  return reason == "token.removed" || reason == "token.handle" || reason == "token.driver_restarted" ||
         reason == "token.driver_crashed" || reason == "token.driver_hung" ||
         reason == "token.driver_faulty" || reason == "token.not_logged_in";
}

/// The error as the page is to hear it.
Error told(Call& call, Error error) {
  if (error.reason == "stream.too_large") {
    return {Errc::kLimit, "agent.too_large", "use the stream form"};
  }
  const auto place =
      call.params.has("application") ? call.params.application() : Result<ApplicationPlace>(error);
  if (place && ends_login(error.reason)) {
    call.bench.logins.end_application(*place);
    if (error.reason == "token.not_logged_in") {
      return {Errc::kUnauthorized, "agent.not_logged_in", error.detail};
    }
  }
  return error;
}

/// Content in the params and in the result.
Result<Json> run_inline(const Method& method, const ContentMembers& members, Call& call) {
  Bytes content;
  if (!members.in.empty()) {
    HUTONG_TRY(content, call.params.octets(members.in));
  }
  MemorySource source(content);
  MemorySink sink(kMostInline);
  call.input = &source;
  call.output = members.out.empty() ? nullptr : &sink;
  HUTONG_TRY(Json result, method.run(call));
  if (!members.out.empty()) {
    result[std::string(members.out)] = to_base64(sink.content());
  }
  return result;
}

Result<Json> run_stream(const Method& method, const ContentMembers& members, PageStream& stream, Call& call) {
  call.input = &stream.source();
  call.output = members.out.empty() ? nullptr : &stream.sink();
  HUTONG_TRY(Json result, method.run(call));
  if (!members.out.empty()) {
    stream.end_output();
  }
  return result;
}

Result<Json> run(const Execution& execution, Call& call) {
  const Method& method = execution.method;
  if (method.content == nullptr) {
    return method.run(call);
  }
  const ContentMembers members = method.content(execution.request);
  return execution.stream ? run_stream(method, members, *execution.stream, call)
                          : run_inline(method, members, call);
}

Executed problem(std::uint32_t id, const Error& error,
                 std::optional<std::uint32_t> tries_left = std::nullopt) {
  return {.frame = problem_frame(id, error, tries_left), .problem = error.reason};
}

Executed execute_unguarded(const Execution& execution) {
  const std::uint32_t id = execution.request.id;
  auto params = Params::of(execution.request.params, execution.method.params);
  if (!params) {
    return problem(id, params.error());
  }
  Call call{.bench = execution.bench,
            .origin = execution.origin,
            .purpose = execution.request.purpose,
            .params = *std::move(params),
            .is_wanted = execution.is_wanted};
  auto result = run(execution, call);
  if (result) {
    return {.frame = result_frame(id, *std::move(result)), .problem = {}};
  }
  const Error error = told(call, std::move(result).error());
  if (error.code == Errc::kInternal) {
    net::log(net::LogLevel::kError, "call.failed",
             {{"method", execution.method.name}, {"reason", error.reason}, {"detail", error.detail}});
  }
  return problem(id, error, call.tries_left);
}

}  // namespace

Executed execute(const Execution& execution) {
  try {
    return execute_unguarded(execution);
  } catch (const std::exception& failure) {
    net::log(net::LogLevel::kError, "call.failed",
             {{"method", execution.method.name}, {"what", failure.what()}});
    return problem(execution.request.id, {Errc::kInternal, "internal", {}});
  }
}

}  // namespace hutong::agent
