#include "ca/care/examination.h"

namespace hutong::ca::care {
namespace {

Diagnosis no_connection(const Error& why) {
  std::string reason(why.reason);
  if (!why.detail.empty()) {
    reason += ", " + why.detail;
  }
  return bad(
      "key_centre.connection",
      "无法连接密钥管理中心（" + reason + "）：请检查对方服务、防火墙及双方的 TLS 证书；期间双证书业务单等待",
      "the key management centre cannot be reached (" + reason +
          "): look at its service, the firewall and the TLS certificates of both sides; orders of "
          "dual certificates wait");
}

}  // namespace

/// Any answer will do: who answers has let us in.
void examine_key_centre(const Result<net::Client>& centre, Findings& out) {
  const auto answer = centre ? centre->send({}) : Result<net::ClientResponse>(centre.error());
  out.push_back(answer ? good("key_centre.connection", "密钥管理中心可以连接",
                              "the key management centre can be reached")
                       : no_connection(answer.error()));
}

}  // namespace hutong::ca::care
