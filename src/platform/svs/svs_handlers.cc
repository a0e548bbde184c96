#include "platform/svs/svs_handlers.h"

#include <utility>

#include "platform/svs/svs_request.h"
#include "platform/svs/svs_text.h"

namespace hutong::platform::svs {
namespace {

using net::Json;
using net::Request;
using net::Response;

constexpr std::string_view kVersion = "v1";
constexpr net::JsonLimits kSvsJsonLimits{.depth = 3, .values = 100};
constexpr std::string_view kSvsType = "application/x-svs";
constexpr std::string_view kOctets = "application/octet-stream";

Error no_type() {
  return {Errc::kMalformed, "svs.no_type", "neither the path nor the request says which service is meant"};
}

/// Nothing for the route without a type.
Result<std::optional<Type>> type_of_path(const Request& request) {
  const auto named = request.parameters.find("type");
  if (named == request.parameters.end()) {
    return std::optional<Type>();
  }
  const auto type = type_from(named->second);
  if (!type) {
    return Error{Errc::kNotFound, "svs.unknown_type", "there is no such service"};
  }
  return type;
}

Status check_version(std::string_view version) {
  return version == kVersion
             ? ok()
             : Status(Error{Errc::kMalformed, "svs.version", "the version is not " + std::string(kVersion)});
}

std::string text_member(const Json& json, std::string_view name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The header fields of A.3; absent ones are as good.
Status check_form_headers(const Request& request) {
  if (const auto version = request.headers.find("SVS-Request-Version")) {
    HUTONG_CHECK(check_version(*version));
  }
  if (const auto time = request.headers.find("SVS-Request-Time")) {
    HUTONG_TRY(const Time read, read_svs_time(*time));
    static_cast<void>(read);
  }
  return ok();
}

}  // namespace

Result<Response> Handlers::answer(const Request& request) const {
  HUTONG_TRY(const auto type, type_of_path(request));
  const auto media = net::parse_media_type(request.headers.find("content-type").value_or(""));
  if (media.type == "application/x-www-form-urlencoded") {
    return answer_form(request, type);
  }
  if (media.type == "application/json") {
    return answer_json(request, type);
  }
  if (media.type == kOctets || media.type == kSvsType) {
    return answer_der(request, type);
  }
  return Error{Errc::kPolicy, "http.content_type", "send a form, JSON, or DER as application/octet-stream"};
}

Packet Handlers::packet_for(Type type, const Result<Packet>& packet, const Request& request) const {
  return packet ? service_->answer(type, *packet, request.remote) : respond(Code::kDataFormat);
}

Result<Response> Handlers::answer_form(const Request& request, std::optional<Type> type) const {
  if (!type) {
    return no_type();
  }
  HUTONG_CHECK(check_form_headers(request));
  const auto read = read_form_packet(*type, Direction::kRequest, as_text(request.body));
  const Packet packet = packet_for(*type, read, request);
  return Response{
      .content_type = "text/html;charset=GB2312",  // as the norm's example has it; the text is ASCII
      .body = write_form_packet(*type, Direction::kResponse, packet),
      .headers = {{"SVS-Response-Type", std::string(to_string(*type))},
                  {"SVS-Response-Version", std::string(kVersion)},
                  {"SVS-Response-Time", write_svs_time(clock_->now())}}};
}

Result<Response> Handlers::answer_json(const Request& request, std::optional<Type> type) const {
  HUTONG_TRY(const Json json, net::parse_json(as_text(request.body), kSvsJsonLimits));
  if (!json.is_object()) {
    return Error{Errc::kMalformed, "svs.message", "a JSON object is expected"};
  }
  if (json.contains("version")) {
    HUTONG_CHECK(check_version(text_member(json, "version")));
  }
  if (json.contains("reqTime")) {
    HUTONG_TRY(const Time read, read_svs_time(text_member(json, "reqTime")));
    static_cast<void>(read);
  }
  const auto named = type_from(text_member(json, "reqType"));
  if (!type && !named) {
    return no_type();
  }
  if (json.contains("reqType") && (!named || named != type.value_or(*named))) {
    return Error{Errc::kMalformed, "svs.type", "reqType is not what the path says"};
  }
  const Type asked = type ? *type : *named;
  const auto inner = json.find("request");
  const auto read = read_json_packet(asked, Direction::kRequest, inner == json.end() ? Json() : *inner);
  const Packet packet = packet_for(asked, read, request);
  const std::string time = write_svs_time(clock_->now());
  const Json body = {{"version", kVersion},
                     {"respType", to_string(asked)},
                     {"reqType", to_string(asked)},  // the norm's example has these two names instead
                     {"respond", write_json_packet(asked, Direction::kResponse, packet)},
                     {"respTime", time},
                     {"reqTime", time}};
  return Response{.content_type = "application/json;charset=UTF-8", .body = net::to_text(body)};
}

Result<Response> Handlers::answer_der(const Request& request, std::optional<Type> type) const {
  HUTONG_TRY(const Envelope envelope, read_envelope(request.body));
  if (type && *type != envelope.type) {
    return Error{Errc::kMalformed, "svs.type", "the message is not of the type that the path says"};
  }
  const bool badly_stamped =
      !envelope.time_stamp_token.empty() &&
      !service_->is_good_stamp(envelope.time_stamp_token, envelope.request, envelope.packet);
  const Packet packet =
      badly_stamped ? respond(Code::kInvalidSignature)
                    : packet_for(envelope.type,
                                 read_packet(envelope.type, Direction::kRequest, envelope.packet), request);
  const Bytes message =
      write_message({.type = envelope.type, .choice = envelope.choice, .time = clock_->now()}, packet,
                    Direction::kResponse);
  return Response{.content_type = std::string(kOctets), .body = std::string(as_text(message))};
}

}  // namespace hutong::platform::svs
