#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "cmp/message.h"
#include "x509/certificate.h"

/// Values of InfoTypeAndValue (RFC 4210 5.3.19, RFC 9480 2.14): in the header (implicitConfirm, certProfile)
/// and in genm and genp. Readers give kMalformed "cmp.structure" or the errors of asn1.
namespace hutong::cmp {

TypedValue implicit_confirm();
bool asks_implicit_confirm(const Header& header);
/// Until when a certificate must be confirmed.
TypedValue confirm_wait_time(Time until);

/// certProfile of the header: which template is wanted; empty when the header names none. kPolicy
/// "cmp.template" for more than one.
TypedValue certificate_profile(const std::string& name);
Result<std::string> certificate_profile(const Header& header);

/// caCerts, crls: whole objects in DER.
TypedValue certificates_value(const std::vector<x509::CertificateDer>& certificates);
Result<std::vector<x509::CertificateDer>> read_certificates_value(const TypedValue& value);
TypedValue crls_value(const std::vector<Bytes>& crls);
Result<std::vector<Bytes>> read_crls_value(const TypedValue& value);

/// rootCaCert: the root that the asker has.
TypedValue root_certificate(const x509::Certificate& root);
Result<x509::Certificate> read_root_certificate(const TypedValue& value);

/// rootCaKeyUpdate: the new root, and the cross certificates of a change of keys.
struct RootKeyUpdate {
  x509::CertificateDer new_with_new;
  std::optional<x509::CertificateDer> new_with_old;
  std::optional<x509::CertificateDer> old_with_new;
};
TypedValue root_key_update(const RootKeyUpdate& update);
Result<RootKeyUpdate> read_root_key_update(const TypedValue& value);

/// CRLStatus: which list is asked for, and the newest that the asker has.
struct CrlStatus {
  enum class Source : std::uint8_t { kDistributionPoint, kIssuer };
  Source source = Source::kIssuer;
  std::vector<Party> names;  ///< general names: a point's full name, or an issuer's
  std::optional<Time> this_update;
};
TypedValue crl_status_list(const std::vector<CrlStatus>& lists);
Result<std::vector<CrlStatus>> read_crl_status_list(const TypedValue& value);

/// signKeyPairTypes and encKeyPairTypes: SEQUENCE OF AlgorithmIdentifier, given as DER.
TypedValue algorithms_value(const asn1::Oid& type, const std::vector<Bytes>& algorithms);

}  // namespace hutong::cmp
