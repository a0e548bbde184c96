#include "platform/validation/upload.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "net/json.h"
#include "net/multipart.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kLongestName = 255;
constexpr net::JsonLimits kJsonLimits{.depth = 4, .values = 20'100};

Error malformed(std::string_view reason, std::string detail) {
  return {Errc::kMalformed, reason, std::move(detail)};
}

/// A name is shown and nothing else: printable UTF-8 of bounded length.
std::string clean_name(std::string_view name) {
  name = name.substr(0, kLongestName);
  while (!name.empty() && !is_utf8(name)) {
    name.remove_suffix(1);
  }
  std::string clean(name);
  std::erase_if(clean, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return clean;
}

Status set_time(std::string_view text, Upload& upload) {
  const auto time = from_rfc3339(text);
  if (!time) {
    return malformed("upload.at", "\"at\" is no RFC 3339 time");
  }
  upload.at = *time;
  return ok();
}

Status set_revocation(std::string_view text, Upload& upload) {
  if (text == "require") {
    upload.revocation = x509::RevocationMode::kRequire;
  } else if (text == "prefer") {
    upload.revocation = x509::RevocationMode::kPrefer;
  } else if (text == "none") {
    upload.revocation = x509::RevocationMode::kNone;
  } else {
    return malformed("upload.revocation", "\"revocation\" is require, prefer or none");
  }
  return ok();
}

Error unknown_field(std::string_view name) {
  return malformed("upload.unknown_field", "the field \"" + clean_name(name) + "\" is unknown");
}

Status set_form(std::string_view text, Upload& upload) {
  if (text != "full" && text != "summary") {
    return malformed("upload.report", "\"report\" is full or summary");
  }
  upload.form = text == "full" ? ReportForm::kFull : ReportForm::kSummary;
  return ok();
}

/// The fields that are words, the same in a form and in JSON.
Status set_word(std::string_view name, std::string_view text, Upload& upload) {
  if (name == "at") {
    return set_time(text, upload);
  }
  if (name == "revocation") {
    return set_revocation(text, upload);
  }
  return name == "report" ? set_form(text, upload) : Status(unknown_field(name));
}

Error duplicate(std::string_view name) {
  return malformed("upload.duplicate", "the field \"" + std::string(name) + "\" came twice");
}

Status take_part(const net::Part& part, bool& has_file, Upload& upload) {
  if (part.name == "file") {
    if (std::exchange(has_file, true)) {
      return duplicate(part.name);
    }
    upload.file = part.content;
    upload.file_name = clean_name(part.file_name);
    return ok();
  }
  if (part.name == "content") {
    if (upload.content) {
      return duplicate(part.name);
    }
    upload.content = part.content;
    return ok();
  }
  if (part.name == "chain") {
    upload.chain.push_back(part.content);
    return ok();
  }
  return set_word(part.name, as_text(part.content), upload);
}

Error no_file() { return malformed("upload.no_file", "the field \"file\" is missing"); }

Result<Upload> read_form(const net::Request& request, std::string_view boundary) {
  HUTONG_TRY(const auto parts, net::parse_multipart(request.body, boundary));
  Upload upload;
  bool has_file = false;
  for (const auto& part : parts) {
    HUTONG_CHECK(take_part(part, has_file, upload));
  }
  return has_file ? Result<Upload>(std::move(upload)) : Result<Upload>(no_file());
}

Status expect_question(const net::Json& object) {
  if (!object.is_object()) {
    return malformed("upload.field_type", "the question is no JSON object");
  }
  return object.contains("file") ? ok() : Status(no_file());
}

Result<std::string_view> text_of(const net::Json& value, std::string_view name) {
  if (!value.is_string()) {
    return malformed("upload.field_type", "the member \"" + clean_name(name) + "\" is no text");
  }
  return std::string_view(value.get_ref<const std::string&>());
}

Result<ByteView> octets_of(const net::Json& value, std::string_view name, Upload& upload) {
  HUTONG_TRY(const auto text, text_of(value, name));
  auto octets = from_base64(text);
  if (!octets) {
    return malformed("upload.base64", "the member \"" + std::string(name) + "\" is no base64");
  }
  upload.decoded.push_back(std::move(*octets));
  return ByteView(upload.decoded.back());
}

Status take_chain(const net::Json& value, Upload& upload) {
  if (!value.is_array()) {
    return malformed("upload.field_type", "the member \"chain\" is no array");
  }
  for (const auto& entry : value) {
    HUTONG_TRY(const auto octets, octets_of(entry, "chain", upload));
    upload.chain.push_back(octets);
  }
  return ok();
}

Status take_member(const std::string& name, const net::Json& value, Upload& upload) {
  if (name == "chain") {
    return take_chain(value, upload);
  }
  if (name == "file" || name == "content") {
    HUTONG_TRY(const auto octets, octets_of(value, name, upload));
    (name == "file" ? upload.file : upload.content.emplace()) = octets;
    return ok();
  }
  HUTONG_TRY(const auto text, text_of(value, name));
  if (name == "file_name") {
    upload.file_name = clean_name(text);
    return ok();
  }
  return set_word(name, text, upload);
}

/// What the two readers below do for one request body of either form.
template <typename OfForm, typename OfObject>
auto read_either(const net::Request& request, OfForm of_form, OfObject of_object) -> decltype(of_form("")) {
  const auto media = net::parse_media_type(request.headers.find("content-type").value_or(""));
  if (media.type == "multipart/form-data") {
    const auto boundary = media.parameters.find("boundary");
    return of_form(boundary == media.parameters.end() ? std::string_view() : boundary->second);
  }
  if (media.type == "application/json") {
    HUTONG_TRY(const auto json, net::parse_json(as_text(request.body), kJsonLimits));
    return of_object(json);
  }
  return Error{Errc::kPolicy, "http.content_type", "send multipart/form-data or application/json"};
}

/// The words of a question stand in the report already.
bool is_of_recomputation(std::string_view name) {
  return name == "file" || name == "file_name" || name == "content" || name == "chain";
}

Result<RecomputationUpload> checked(RecomputationUpload upload) {
  if (upload.report_id.empty() == upload.signed_report.empty()) {
    return malformed("upload.no_report", "name the report by \"report_id\", or send it as \"signed_report\"");
  }
  return upload;
}

Result<RecomputationUpload> read_recomputation_form(const net::Request& request, std::string_view boundary) {
  HUTONG_TRY(const auto parts, net::parse_multipart(request.body, boundary));
  RecomputationUpload upload;
  bool has_file = false;
  for (const auto& part : parts) {
    if (part.name == "report_id") {
      upload.report_id = as_text(part.content);
    } else if (part.name == "signed_report") {
      upload.signed_report = part.content;
    } else if (is_of_recomputation(part.name)) {
      HUTONG_CHECK(take_part(part, has_file, upload.question));
    } else {
      return unknown_field(part.name);
    }
  }
  return has_file ? checked(std::move(upload)) : no_file();
}

Result<RecomputationUpload> read_recomputation_object(const net::Json& object) {
  HUTONG_CHECK(expect_question(object));
  RecomputationUpload upload;
  for (const auto& [name, value] : object.items()) {
    if (name == "report_id") {
      HUTONG_TRY(upload.report_id, text_of(value, name));
    } else if (name == "signed_report") {
      HUTONG_TRY(upload.signed_report, octets_of(value, name, upload.question));
    } else if (is_of_recomputation(name)) {
      HUTONG_CHECK(take_member(name, value, upload.question));
    } else {
      return unknown_field(name);
    }
  }
  return checked(std::move(upload));
}

}  // namespace

Result<Upload> read_upload(const net::Json& object) {
  HUTONG_CHECK(expect_question(object));
  Upload upload;
  for (const auto& [name, value] : object.items()) {
    HUTONG_CHECK(take_member(name, value, upload));
  }
  return upload;
}

Result<Upload> read_upload(const net::Request& request) {
  return read_either(
      request, [&](std::string_view boundary) { return read_form(request, boundary); },
      [](const net::Json& object) { return read_upload(object); });
}

Result<RecomputationUpload> read_recomputation(const net::Request& request) {
  return read_either(
      request, [&](std::string_view boundary) { return read_recomputation_form(request, boundary); },
      [](const net::Json& object) { return read_recomputation_object(object); });
}

}  // namespace hutong::platform
