#include "platform/desk_input.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "platform/subjects/region.h"

namespace hutong::platform {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

Error wrong_member(std::string_view member) {
  return {Errc::kMalformed, "desk.member",
          "the member \"" + std::string(member) + "\" is missing, unknown or not as documented"};
}

bool is_desk_text(std::string_view text, std::size_t most) {
  const auto characters = std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
  return characters > 0 && static_cast<std::size_t>(characters) <= most &&
         std::ranges::none_of(text, is_control) && is_utf8(text);
}

std::string foreign_text(std::string_view said, std::size_t most) {
  std::string text;
  if (!is_utf8(said)) {
    return text;
  }
  std::size_t characters = 0;
  for (const char c : said) {
    characters += (c & 0xC0) != 0x80 ? 1 : 0;
    if (characters > most) {
      break;
    }
    text.push_back(is_control(c) ? ' ' : c);
  }
  return text;
}

Result<std::string> read_desk_text(const net::Json& object, const char* member, std::size_t most) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string() ||
      !is_desk_text(found->get_ref<const std::string&>(), most)) {
    return wrong_member(member);
  }
  return found->get<std::string>();
}

Result<std::string> read_reason(const net::JsonBody& body) {
  HUTONG_TRY(auto reason, body.text("reason"));
  return is_desk_text(reason, kMostReason) ? Result(std::move(reason)) : wrong_member("reason");
}

std::string_view region_of(const operators::Authorized& by) {
  return by.operator_ ? std::string_view(by.operator_->region) : std::string_view();
}

Status check_region(const operators::Authorized& by, std::string_view region) {
  const std::string_view whose = region_of(by);
  if (!whose.empty() && !lies_within(region, whose)) {
    return Error{Errc::kUnauthorized, "region.foreign", "you work for " + std::string(whose) + " only"};
  }
  return ok();
}

Status check_whole_region(const operators::Authorized& by) { return check_region(by, kWholeRegion); }

Result<ProposalDecision> read_proposal_decision(const net::Request& request) {
  HUTONG_TRY(const auto body, net::JsonBody::parse(request, {"decision", "reason"}));
  HUTONG_TRY(const auto word, body.text("decision"));
  if (word != "release" && word != "reject") {
    return wrong_member("decision");
  }
  HUTONG_TRY(auto reason, read_reason(body));
  return ProposalDecision{.proposal = request.parameters.at("id"),
                          .decision = word == "release" ? Decision::kRelease : Decision::kReject,
                          .reason = std::move(reason)};
}

}  // namespace hutong::platform
