#include "x509/crl.h"

#include <algorithm>

#include "asn1/oids.h"
#include "x509/internal/crl_body.h"

namespace hutong::x509 {
namespace {

using asn1::Reader;
using asn1::Tag;
namespace oids = asn1::oids;

constexpr std::size_t kMostOctetsOfList = Crl::kMostOctets;

}  // namespace

Status Crl::Body::read(ByteView input, QuirkRecorder& recorder) {
  if (input.size() > kMostOctetsOfList) {
    return Error{Errc::kLimit, "crl.too_large", "a list of more than 1 GiB"};
  }
  HUTONG_TRY(object, internal::read_signed_object(input, recorder));
  Reader outer(object.tbs);
  HUTONG_TRY(Reader tbs, outer.enter_sequence());
  HUTONG_CHECK(read_head(tbs, recorder));
  HUTONG_CHECK(read_dates(tbs, recorder));
  HUTONG_CHECK(read_entries(tbs, recorder));
  HUTONG_CHECK(read_extensions(tbs, recorder));
  HUTONG_CHECK(tbs.finish());
  quirks = recorder.seen();
  return ok();
}

Status Crl::Body::read_head(Reader& tbs, QuirkRecorder& recorder) {
  if (tbs.next_is(Tag::kInteger)) {
    HUTONG_TRY(const std::uint64_t number_of_version, tbs.read_small());
    if (number_of_version != 1) {
      return Error{Errc::kMalformed, "crl.version", "a list that says its version has version 2"};
    }
    version = 2;
  } else {
    HUTONG_CHECK(recorder.meet(Quirk::kCrlVersion1));
  }
  HUTONG_TRY(const asn1::Element inner, tbs.read_element(Tag::kSequence));
  if (!equal(inner.encoded, object.algorithm)) {
    HUTONG_CHECK(recorder.meet(Quirk::kAlgorithmMismatch));
  }
  HUTONG_CHECK(internal::check_algorithm_form(object.algorithm, recorder));
  algorithm = crypto::SignatureAlgorithm::from_der(object.algorithm);
  HUTONG_TRY(const asn1::Element name, tbs.read_element(Tag::kSequence));
  HUTONG_TRY(issuer, Name::parse(name.encoded, recorder));
  return issuer.empty() ? recorder.meet(Quirk::kEmptyIssuer) : ok();
}

Status Crl::Body::read_dates(Reader& tbs, QuirkRecorder& recorder) {
  HUTONG_TRY(const asn1::TimeValue issued, internal::read_date(tbs, recorder));
  this_update = issued.time;
  if (!tbs.next_is(Tag::kUtcTime) && !tbs.next_is(Tag::kGeneralizedTime)) {
    return recorder.meet(Quirk::kCrlWithoutNextUpdate);
  }
  HUTONG_TRY(const asn1::TimeValue next, internal::read_date(tbs, recorder));
  next_update = next.time;
  return ok();
}

Status Crl::Body::read_entries(Reader& tbs, QuirkRecorder& recorder) {
  HUTONG_TRY(auto list, tbs.enter_optional(Tag::kSequence));
  if (!list || has_entries) {
    return ok();
  }
  if (list->at_end()) {
    return recorder.meet(Quirk::kCrlEmptyEntries);
  }
  HUTONG_TRY(entries, internal::CrlEntries::read(object.der, list->rest(), recorder));
  return ok();
}

Status Crl::Body::read_extensions(Reader& tbs, QuirkRecorder& recorder) {
  HUTONG_TRY(auto wrapped, tbs.enter_optional(asn1::context_constructed(0)));
  if (!wrapped) {
    return ok();
  }
  if (version != 2) {
    HUTONG_CHECK(recorder.meet(Quirk::kExtensionsBeforeVersion3));
  }
  HUTONG_TRY(const ByteView content, wrapped->read(Tag::kSequence));
  HUTONG_CHECK(wrapped->finish());
  HUTONG_TRY(extensions, parse_extensions(content, recorder));
  for (const Extension& extension : extensions) {
    HUTONG_CHECK(read_extension(extension, recorder));
  }
  return ok();
}

Status Crl::Body::read_extension(const Extension& extension, QuirkRecorder& recorder) {
  if (extension.oid == oids::kAuthorityKeyIdentifier) {
    HUTONG_TRY(authority_key_identifier, parse_authority_key_identifier(extension.value, recorder));
  } else if (extension.oid == oids::kIssuerAltName) {
    HUTONG_TRY(issuer_alt_name, parse_alternative_names(extension.value, recorder));
  } else if (extension.oid == oids::kCrlNumber) {
    HUTONG_TRY(number, parse_crl_number(extension.value));
  } else if (extension.oid == oids::kDeltaCrlIndicator) {
    HUTONG_TRY(base_number, parse_crl_number(extension.value));
  } else if (extension.oid == oids::kIssuingDistributionPoint) {
    HUTONG_TRY(issuing_point, parse_issuing_distribution_point(extension.value, recorder));
  } else if (extension.oid == oids::kFreshestCrl) {
    HUTONG_TRY(freshest_crl, parse_distribution_points(extension.value, recorder));
  } else if (extension.oid != oids::kAuthorityInfoAccess) {
    unknown_critical = unknown_critical || extension.critical;
  }
  return ok();
}

Result<Crl> Crl::parse(ByteView der, const QuirkPolicy& policy) { return parse(to_bytes(der), policy); }

Result<Crl> Crl::parse(Bytes&& der, const QuirkPolicy& policy) {
  auto body = std::make_shared<Body>();
  body->owned = std::move(der);
  QuirkRecorder recorder(policy);
  HUTONG_CHECK(body->read(body->owned, recorder));
  return Crl(std::move(body));
}

Result<Crl> Crl::parse(MappedFile file, const QuirkPolicy& policy) {
  auto body = std::make_shared<Body>();
  body->mapped.emplace(std::move(file));
  QuirkRecorder recorder(policy);
  HUTONG_CHECK(body->read(body->mapped->view(), recorder));
  return Crl(std::move(body));
}

ByteView Crl::der() const { return body_->object.der; }
ByteView Crl::tbs() const { return body_->object.tbs; }
unsigned Crl::version() const { return body_->version; }
const Name& Crl::issuer() const { return body_->issuer; }
Time Crl::this_update() const { return body_->this_update; }
std::optional<Time> Crl::next_update() const { return body_->next_update; }
ByteView Crl::signature_algorithm_der() const { return body_->object.algorithm; }
const Result<crypto::SignatureAlgorithm>& Crl::signature_algorithm() const { return body_->algorithm; }
ByteView Crl::signature() const { return body_->object.signature; }
const std::vector<Extension>& Crl::extensions() const { return body_->extensions; }
const std::optional<AuthorityKeyIdentifier>& Crl::authority_key_identifier() const {
  return body_->authority_key_identifier;
}
const std::optional<std::vector<GeneralName>>& Crl::issuer_alt_name() const { return body_->issuer_alt_name; }
const std::optional<Serial>& Crl::number() const { return body_->number; }
const std::optional<Serial>& Crl::base_number() const { return body_->base_number; }
const std::optional<IssuingDistributionPoint>& Crl::issuing_point() const { return body_->issuing_point; }
const std::optional<std::vector<DistributionPoint>>& Crl::freshest_crl() const { return body_->freshest_crl; }
bool Crl::has_unknown_critical_extension() const { return body_->unknown_critical; }
bool Crl::has_unknown_critical_entry_extension() const { return body_->entries.has_unknown_critical(); }
std::size_t Crl::entry_count() const { return body_->entries.size(); }
std::size_t Crl::index_octets() const { return body_->entries.octets(); }
QuirkSet Crl::quirks() const { return body_->quirks; }

bool Crl::is_signed_by(const crypto::PublicKey& issuer_key) const {
  return internal::verifies(issuer_key, signature_algorithm(), tbs(), signature());
}

bool Crl::is_signed_by(const crypto::Sm2PreparedKey& issuer_key) const {
  return internal::verifies(issuer_key, signature_algorithm(), tbs(), signature());
}

const crypto::Sm3Digest& Crl::sm3() const {
  return body_->sm3.get([this] { return crypto::sm3(der()); });
}

std::optional<CrlEntry> Crl::find(const Serial& serial, const Name& certificate_issuer) const {
  return body_->entries.find(body_->object.der, serial.content(), certificate_issuer, issuer());
}

void Crl::for_each(const std::function<bool(const CrlEntry&, const Name&)>& visit) const {
  body_->entries.for_each(body_->object.der, issuer(), visit);
}

}  // namespace hutong::x509
