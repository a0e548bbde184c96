// Writes the seeds of chain_fuzzer into the folder named: a flag octet, then DER objects, leaf first, anchor
// last.

#include <cstdio>
#include <string>
#include <vector>

#include "base/file.h"
#include "tests/tools/test_ca.h"

namespace hutong::fuzz {
namespace {

using test::issue;
using test::Kind;
using test::Party;
namespace extension = x509::extension;

/// The fuzzer's time of validation.
constexpr Time kAt{std::chrono::seconds(1'800'000'000)};

Bytes seed(std::uint8_t flags, const std::vector<ByteView>& objects) {
  Bytes out = {flags};
  for (const ByteView object : objects) {
    append(out, object);
  }
  return out;
}

bool write(const std::string& folder, const std::string& name, const Bytes& content) {
  return write_file(folder + "/" + name, content).has_value();
}

bool write_all(const std::string& folder) {
  const Party root("Root");
  const Party middle("Middle");
  const Party end("End");
  constexpr asn1::Oid kGold("1.2.3.1");
  constexpr asn1::Oid kSilver("1.2.3.2");
  const auto anchor = test::self_signed(root);
  const auto plain = issue(root, middle, {.kind = Kind::kCa, .serial = 2});
  const auto bound = issue(
      root, middle,
      {.kind = Kind::kCa,
       .serial = 2,
       .extensions = {extension::certificate_policies({{kGold}}),
                      extension::policy_mappings({{kGold, kSilver}}), extension::policy_constraints(0, 1),
                      extension::name_constraints({x509::dns_name("example.cn")}, {})}});
  const auto leaf = issue(middle, end,
                          {.serial = 3,
                           .extensions = {extension::certificate_policies({{kSilver}}),
                                          extension::subject_alt_name({x509::dns_name("a.example.cn")})}});
  const auto hour = std::chrono::hours(1);
  const auto of_root = test::list(root, {}, kAt - hour, kAt + hour);
  const auto of_middle = test::list(
      middle, {{x509::Serial::from_magnitude(Bytes{3}), kAt - hour, {}, {}, {}}}, kAt - hour, kAt + hour);
  const auto back = issue(middle, root, {.kind = Kind::kCa, .serial = 4});
  return write(folder, "plain", seed(2, {leaf.der(), plain.der(), anchor.der()})) &&
         write(folder, "bound", seed(6, {leaf.der(), bound.der(), anchor.der()})) &&
         write(folder, "revoked",
               seed(0, {leaf.der(), plain.der(), of_root.der(), of_middle.der(), anchor.der()})) &&
         write(folder, "cycle", seed(1, {leaf.der(), plain.der(), back.der()}));
}

}  // namespace
}  // namespace hutong::fuzz

int main(int argc, char** argv) {
  if (argc != 2 || !hutong::fuzz::write_all(argv[1])) {
    std::fputs("usage: make_chain_seeds FOLDER\n", stderr);
    return 1;
  }
  return 0;
}
