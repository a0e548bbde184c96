// make_operator_seeds CERTIFICATE.der FOLDER: seeds of the fuzzers audit_archive and operator_request.

#include <filesystem>
#include <string>

#include "base/encoding.h"
#include "base/file.h"
#include "operators/archive_file.h"

namespace {

using namespace hutong;

std::string archive(std::int64_t records) {
  std::string text = operators::archive_head_line(
      {.program = "hutong-ca", .first = 1, .last = records, .created_at = Time()});
  audit::Head last;
  for (std::int64_t sequence = 1; sequence <= records; ++sequence) {
    audit::Record record;
    record.sequence = sequence;
    record.event.action = "order.entered";
    if (sequence % 2 == 0) {
      record.event.signature = audit::OperatorSignature{{1, 2, 3}, {4, 5}};
      record.marks = {.audited_at = Time(), .audited_by = "CN=审计员"};
    }
    record.hash = audit::chain_hash(last.hash, sequence, record.event);
    last = {sequence, record.hash};
    text += operators::archive_record_line(record);
  }
  return text + operators::archive_tail_line(last);
}

bool write(const std::filesystem::path& file, const std::string& text) {
  return write_file(file, as_bytes(text)).has_value();
}

bool write_all(const std::string& certificate, const std::filesystem::path& folder) {
  const auto archives = folder / "audit_archive";
  const auto requests = folder / "operator_request";
  std::filesystem::create_directories(archives);
  std::filesystem::create_directories(requests);
  const std::string added =
      R"({"display_name":"录入员","role":"business_operator","rights":["a"],"certificate":")" + certificate +
      "\"}";
  return write(archives / "none", archive(0)) && write(archives / "three", archive(3)) &&
         write(requests / "login", std::string("\0", 1) + R"({"audience":"https://a","challenge":"00",)" +
                                       R"("signature":"MAA=","certificate":")" + certificate + "\"}") &&
         write(requests / "add", "\x01" + added) &&
         write(requests / "change", "\x02{\"version\":3,\"rights\":[],\"display_name\":null}") &&
         write(requests / "replace", "\x03{\"version\":3,\"certificate\":\"" + certificate + "\"}") &&
         write(requests / "list", "\x04role=auditor&state=active&limit=7&cursor=x") &&
         write(requests / "client", "\x05{\"display_name\":\"x\",\"rights\":[\"a\"]}") &&
         write(requests / "search",
               "\x06"
               "from=2026-01-01T00:00:00Z&outcome=done&review=open&cursor=9&limit=1000") &&
         write(requests / "verify",
               "\x07{\"expected\":{\"sequence\":1,\"hash\":\"" + std::string(64, '0') + "\"}}") &&
         write(requests / "mark", "\x08{\"first\":1,\"last\":9223372036854775807}") &&
         write(requests / "record",
               "\x09"
               "12");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    return 2;
  }
  const auto certificate = read_file(arguments[1], 1 << 20);
  return certificate && write_all(to_base64(*certificate), arguments[2]) ? 0 : 1;
}
