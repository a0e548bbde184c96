#include "operators/archive_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "net/json.h"

namespace hutong::operators {
namespace {

using net::Json;

constexpr std::string_view kFormat = "hutong-audit-archive-1";

std::string line_of(const Json& json) { return net::to_text(json) + "\n"; }

/// One line's members; the first that is not as it should be makes the whole line bad.
class Line {
 public:
  explicit Line(const Json& json) : json_(json) {}

  std::int64_t number(std::string_view name) {
    const Json* value = find(name);
    if (value == nullptr || !value->is_number_integer()) {
      return bad<std::int64_t>();
    }
    return value->get<std::int64_t>();
  }
  std::string text(std::string_view name) {
    const Json* value = find(name);
    return value == nullptr || !value->is_string() ? bad<std::string>() : value->get<std::string>();
  }
  crypto::Sm3Digest digest(std::string_view name) {
    const auto octets = from_hex(text(name));
    crypto::Sm3Digest digest{};
    if (!octets || octets->size() != digest.size()) {
      return bad<crypto::Sm3Digest>();
    }
    std::ranges::copy(*octets, digest.begin());
    return digest;
  }
  Bytes octets(std::string_view name) {
    auto octets = from_base64(text(name));
    return octets ? std::move(*octets) : bad<Bytes>();
  }
  bool has(std::string_view name) const { return find(name) != nullptr; }
  bool good() const { return good_; }
  void refuse() { good_ = false; }

 private:
  template <typename T>
  T bad() {
    good_ = false;
    return T{};
  }
  const Json* find(std::string_view name) const {
    const auto found = json_.find(name);
    return found == json_.end() ? nullptr : &*found;
  }
  const Json& json_;
  bool good_ = true;
};

std::optional<Json> next_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  auto json = net::parse_json(text.substr(0, end));
  text.remove_prefix(end + 1);
  return json && json->is_object() ? std::optional(std::move(*json)) : std::nullopt;
}

Error syntax(std::int64_t line) {
  return {Errc::kMalformed, "archive.syntax", "line " + std::to_string(line)};
}

audit::Event event_of(Line& line) {
  audit::Event event;
  event.time = storage::Moment(std::chrono::microseconds(line.number("time")));
  event.actor = {line.text("subject"), line.text("fingerprint")};
  event.action = line.text("action");
  event.object_kind = line.text("object_kind");
  event.object_id = line.text("object_id");
  event.outcome = static_cast<audit::Outcome>(line.number("outcome"));
  event.detail = line.text("detail");
  if (line.has("signed_content")) {
    event.signature = audit::OperatorSignature{line.octets("signed_content"), line.octets("signature")};
  }
  return event;
}

}  // namespace

std::string archive_head_line(const ArchiveHead& head) {
  return line_of({{"format", kFormat},
                  {"program", head.program},
                  {"first", head.first},
                  {"last", head.last},
                  {"previous", to_hex(head.previous)},
                  {"created_at", to_rfc3339(head.created_at)}});
}

std::string archive_record_line(const audit::Record& record) {
  const audit::Event& event = record.event;
  Json json = {{"sequence", record.sequence},    {"time", event.time.time_since_epoch().count()},
               {"subject", event.actor.subject}, {"fingerprint", event.actor.fingerprint},
               {"action", event.action},         {"object_kind", event.object_kind},
               {"object_id", event.object_id},   {"outcome", static_cast<std::int64_t>(event.outcome)},
               {"detail", event.detail}};
  if (event.signature) {
    json["signed_content"] = to_base64(event.signature->content);
    json["signature"] = to_base64(event.signature->value);
  }
  if (record.marks.audited_at) {
    json["audited_at"] = to_rfc3339(*record.marks.audited_at);
    json["audited_by"] = record.marks.audited_by;
  }
  json["hash"] = to_hex(record.hash);
  return line_of(json);
}

std::string archive_tail_line(const audit::Head& last) {
  return line_of({{"last", last.sequence}, {"hash", to_hex(last.hash)}});
}

Result<ReadArchive> read_archive(ByteView file) {
  std::string_view text = as_text(file);
  std::int64_t number = 1;
  const auto first = next_line(text);
  if (!first) {
    return syntax(number);
  }
  Line head(*first);
  ReadArchive read{.head = {.program = head.text("program"),
                            .first = head.number("first"),
                            .last = head.number("last"),
                            .previous = head.digest("previous")}};
  const auto created_at = from_rfc3339(head.text("created_at"));
  if (!head.good() || head.text("format") != kFormat || !created_at || read.head.first < 1 ||
      read.head.last < read.head.first - 1) {
    return syntax(number);
  }
  read.head.created_at = *created_at;
  read.last = {read.head.first - 1, read.head.previous};
  while (read.last.sequence < read.head.last) {
    ++number;
    const auto json = next_line(text);
    if (!json) {
      return syntax(number);
    }
    Line line(*json);
    const audit::Event event = event_of(line);
    const audit::Head told{line.number("sequence"), line.digest("hash")};
    if (!line.good()) {
      return syntax(number);
    }
    const auto computed = audit::chain_hash(read.last.hash, read.last.sequence + 1, event);
    if (told.sequence != read.last.sequence + 1 || told.hash != computed) {
      return Error{Errc::kCryptoFail, "archive.chain", "line " + std::to_string(number)};
    }
    read.last = told;
    ++read.records;
  }
  const auto last = next_line(text);
  if (!last || !text.empty()) {
    return syntax(number + 1);
  }
  Line tail(*last);
  const audit::Head told{tail.number("last"), tail.digest("hash")};
  if (!tail.good()) {
    return syntax(number + 1);
  }
  if (told.sequence != read.last.sequence || told.hash != read.last.hash) {
    return Error{Errc::kCryptoFail, "archive.chain", "the last line"};
  }
  return read;
}

}  // namespace hutong::operators
