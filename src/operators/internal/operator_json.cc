#include "operators/internal/operator_json.h"

#include "base/encoding.h"

namespace hutong::operators {
namespace {

net::Json names_of(const RoleSet& roles) {
  net::Json list = net::Json::array();
  for (const Role role : kAllRoles) {
    if (roles.contains(role)) {
      list.push_back(to_string(role));
    }
  }
  return list;
}

}  // namespace

net::Json to_json(const RightSet& rights) {
  net::Json list = net::Json::array();
  for (const std::string& code : rights) {
    list.push_back(code);
  }
  return list;
}

net::Json to_json(const Operator& one, const RightsCatalogue& catalogue) {
  return {{"id", one.id},
          {"display_name", one.display_name},
          {"role", to_string(one.role)},
          {"rights", to_json(one.rights)},
          {"effective_rights", to_json(catalogue.effective(one.role, one.rights, one.region))},
          {"region", one.region},
          {"state", to_string(one.state)},
          {"subject", one.certificate.subject().to_string()},
          {"serial", one.certificate.serial().to_hex()},
          {"not_after", to_rfc3339(one.certificate.not_after())},
          {"fingerprint", one.fingerprint},
          {"certificate", to_base64(one.certificate.der())},
          {"created_by", one.created_by},
          {"created_at", to_rfc3339(one.created_at)},
          {"changed_at", to_rfc3339(one.changed_at)},
          {"version", one.version}};
}

net::Json to_json(const ApiClient& client) {
  return {{"id", client.id},
          {"display_name", client.display_name},
          {"rights", to_json(client.rights)},
          {"credential", client.fingerprint.empty() ? "key" : "certificate"},
          {"fingerprint", client.fingerprint},
          {"state", to_string(client.state)},
          {"created_by", client.created_by},
          {"created_at", to_rfc3339(client.created_at)},
          {"changed_at", to_rfc3339(client.changed_at)},
          {"version", client.version}};
}

net::Json to_json(const Right& right) {
  return {{"code", right.code},
          {"zh", right.zh},
          {"en", right.en},
          {"inherent", names_of(right.inherent)},
          {"grantable", names_of(right.grantable)},
          {"machines", right.machines == ForMachines::kYes},
          {"regional", right.reach == Reach::kRegional}};
}

}  // namespace hutong::operators
