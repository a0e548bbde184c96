#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "asn1/writer.h"
#include "base/bytes.h"
#include "x509/builder.h"
#include "x509/lint.h"
#include "x509/name.h"

/// Objects for the lint tests, put together from raw fields so that every rule can be broken on purpose. The
/// fresh draft of each kind keeps all rules. Certificates and lists carry a constant signature value: lint
/// does not verify it. Fields are content of what the name says; a Bytes field is a complete DER element.
namespace hutong::x509::lint::test {

Bytes der(const std::function<void(asn1::Writer&)>& write);
/// A string of this type as a complete element.
Bytes text_value(asn1::Tag tag, std::string_view text);
Bytes sm2_with_sm3(ByteView parameters = {});
Bytes algorithm(const asn1::Oid& oid);
Bytes utc_time(std::string_view text);
Bytes generalized_time(std::string_view text);
/// A name with one attribute per RDN.
struct Attribute {
  asn1::Oid type;
  asn1::Tag tag;
  std::string_view content;
};
Name name(const std::vector<Attribute>& attributes);
/// The end-entity name of the drafts: C, O and CN, with one more attribute between O and CN.
Name subject_with(const Attribute& attribute);
Bytes sm2_spki();
Bytes rsa_spki(std::size_t bits);
/// The findings of a report, for the message of a failed test.
std::string listing(const LintReport& report);

struct CertificateDraft {
  std::optional<std::uint64_t> version = 2;
  Bytes serial;  ///< content of the INTEGER
  Bytes inner_algorithm = sm2_with_sm3();
  Bytes outer_algorithm = sm2_with_sm3();
  Name issuer;
  Name subject;
  Bytes not_before;
  Bytes not_after;
  Bytes spki;
  Bytes unique_ids;
  bool write_extensions = true;
  std::vector<ExtensionValue> extensions;
  asn1::Oid default_written;  ///< the extension whose critical FALSE is written out
  Bytes signature;            ///< content of the BIT STRING without the count

  /// Replaces the extension with the same OID, or adds it.
  CertificateDraft& set(ExtensionValue extension);
  CertificateDraft& set(const asn1::Oid& oid, ByteView value, bool critical = false);
  CertificateDraft& remove(const asn1::Oid& oid);
  CertificateDraft& critical(const asn1::Oid& oid, bool value);
  Bytes tbs() const;
  Bytes to_der() const;
};
CertificateDraft root_draft();
CertificateDraft sub_ca_draft();
CertificateDraft organization_draft();  ///< signing certificate with a credit code
CertificateDraft person_draft();        ///< signing certificate with a citizen number
CertificateDraft encryption_draft();
CertificateDraft time_stamper_draft();
CertificateDraft responder_draft();
CertificateDraft server_draft();

struct CrlEntryDraft {
  Bytes serial;
  Bytes revoked_at;
  bool write_extensions = false;
  std::vector<ExtensionValue> extensions;
};
struct CrlDraft {
  std::optional<std::uint64_t> version = 1;
  Bytes inner_algorithm = sm2_with_sm3();
  Bytes outer_algorithm = sm2_with_sm3();
  Name issuer;
  Bytes this_update;
  Bytes next_update;
  bool write_revoked = true;
  std::vector<CrlEntryDraft> entries;
  std::vector<ExtensionValue> extensions;
  asn1::Oid default_written;
  Bytes signature;

  CrlDraft& set(ExtensionValue extension);
  CrlDraft& remove(const asn1::Oid& oid);
  CrlDraft& critical(const asn1::Oid& oid, bool value);
  Bytes to_der() const;
};
CrlDraft crl_draft();
CrlDraft delta_crl_draft();

struct RequestDraft {
  Bytes version{0x00};
  Name subject;
  Bytes spki;
  bool write_attributes = true;
  std::vector<Bytes> attributes;
  Bytes algorithm = sm2_with_sm3();
  bool break_signature = false;
  Bytes to_der() const;
};
Bytes request_attribute(const asn1::Oid& type, const std::vector<Bytes>& values);
RequestDraft request_draft();

}  // namespace hutong::x509::lint::test
