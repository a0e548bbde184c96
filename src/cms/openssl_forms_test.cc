#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pkcs7.h>
#include <openssl/rsa.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

#include "asn1/oids.h"
#include "cms/internal/test_identities.h"
#include "cms/timestamp.h"
#include "cms/verify.h"

/// Messages that OpenSSL writes: the RFC 5652 and PKCS#7 forms with RSA and ECDSA signers.
namespace hutong::cms {
namespace {

using testing::IsEmpty;
using x509::Indication;
using x509::Severity;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
template <typename T, auto Free>
using Owned = std::unique_ptr<T, Deleter<Free>>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using Cert = Owned<X509, X509_free>;
using Bio = Owned<BIO, BIO_free_all>;

template <typename T>
T* must(T* handle) {
  if (handle == nullptr) {
    throw std::runtime_error("OpenSSL: a call failed");
  }
  return handle;
}
void must(int result) {
  if (result != 1) {
    throw std::runtime_error("OpenSSL: a call failed");
  }
}

void add_extension(X509* certificate, X509* issuer, int type, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      must(X509V3_EXT_conf_nid(nullptr, &context, type, value)));
  must(X509_add_ext(certificate, extension.get(), -1));
}

struct Party {
  Key key;
  Cert certificate;
  Bytes der() const {
    Bytes out(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
    auto* at = out.data();
    i2d_X509(certificate.get(), &at);
    return out;
  }
};

enum class Role { kAuthority, kSigner, kTimestamp };

Party make_party(Key key, const char* name, long serial, Role role, const Party* issuer) {
  Cert certificate(must(X509_new()));
  X509* const x = certificate.get();
  must(X509_set_version(x, X509_VERSION_3));
  must(ASN1_INTEGER_set(X509_get_serialNumber(x), serial));
  must(ASN1_TIME_set_string_X509(X509_getm_notBefore(x), "20260101000000Z"));
  must(ASN1_TIME_set_string_X509(X509_getm_notAfter(x), "20360101000000Z"));
  X509_NAME* subject = X509_get_subject_name(x);
  must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name),
                                  -1, -1, 0));
  X509* const issued_by = issuer != nullptr ? issuer->certificate.get() : x;
  must(X509_set_issuer_name(x, X509_get_subject_name(issued_by)));
  must(X509_set_pubkey(x, key.get()));
  add_extension(x, issued_by, NID_subject_key_identifier, "hash");
  add_extension(x, issued_by, NID_authority_key_identifier, "keyid");
  add_extension(x, issued_by, NID_basic_constraints,
                role == Role::kAuthority ? "critical,CA:TRUE" : "CA:FALSE");
  add_extension(x, issued_by, NID_key_usage,
                role == Role::kAuthority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
  if (role == Role::kTimestamp) {
    add_extension(x, issued_by, NID_ext_key_usage, "critical,timeStamping");
  }
  EVP_PKEY* const signing_key = issuer != nullptr ? issuer->key.get() : key.get();
  if (X509_sign(x, signing_key, EVP_sha256()) == 0) {
    throw std::runtime_error("OpenSSL: cannot sign a certificate");
  }
  return {std::move(key), std::move(certificate)};
}

Key rsa_key() { return Key(must(EVP_RSA_gen(2048))); }
Key ec_key() { return Key(must(EVP_EC_gen("P-256"))); }

template <typename Write>
Bytes written(Write write) {
  const Bio out(must(BIO_new(BIO_s_mem())));
  must(write(out.get()));
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return to_bytes(as_bytes(std::string_view(data, static_cast<std::size_t>(size))));
}

constexpr std::string_view kContent = "what OpenSSL signs";

Bio content_bio() { return Bio(must(BIO_new_mem_buf(kContent.data(), static_cast<int>(kContent.size())))); }

/// Generated once: RSA keys take their time.
struct World {
  Party root = make_party(rsa_key(), "Peer Root", 1, Role::kAuthority, nullptr);
  Party rsa = make_party(rsa_key(), "RSA signer", 2, Role::kSigner, &root);
  Party ec = make_party(ec_key(), "EC signer", 3, Role::kSigner, &root);
  Party tsa = make_party(rsa_key(), "RSA TSA", 4, Role::kTimestamp, &root);
  std::vector<x509::TrustAnchor> anchors;
  TrustContext trust;

  World() {
    const auto certificate = x509::Certificate::parse(root.der());
    anchors.push_back(x509::TrustAnchor::of(certificate.value()).value());
    trust.anchors = anchors;
  }
  VerifyOptions options() const {
    VerifyOptions out;
    out.at = test::midsummer();
    out.trust = &trust;
    return out;
  }
};
const World& world() {
  static const World everything;
  return everything;
}

Bytes cms_signed(const Party& party, unsigned flags) {
  const Bio content = content_bio();
  const Owned<CMS_ContentInfo, CMS_ContentInfo_free> message(
      must(CMS_sign(party.certificate.get(), party.key.get(), nullptr, content.get(), flags | CMS_BINARY)));
  return written([&](BIO* out) {
    return (flags & CMS_STREAM) != 0
               ? i2d_CMS_bio_stream(out, message.get(), content.get(), static_cast<int>(flags | CMS_BINARY))
               : i2d_CMS_bio(out, message.get());
  });
}

SignedMessageReport judge(const Bytes& message) { return verify_message(message, world().options()).value(); }

void expect_valid(const SignedMessageReport& report, std::string_view algorithm) {
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_THAT(test::codes(report, Severity::kError), IsEmpty());
  ASSERT_EQ(report.signers.size(), 1U);
  EXPECT_EQ(report.signers[0].algorithm, algorithm);
  EXPECT_EQ(report.form, MessageForm::kRfc);
}

TEST(OpenSslCms, EveryFormOfEverySignerIsRead) {
  for (const unsigned form : {0U, unsigned{CMS_USE_KEYID}, unsigned{CMS_NOATTR}, unsigned{CMS_STREAM},
                              unsigned{CMS_STREAM | CMS_NOATTR | CMS_USE_KEYID}}) {
    const auto rsa = judge(cms_signed(world().rsa, form));
    expect_valid(rsa, "RSA-SHA-256");
    EXPECT_EQ(rsa.has("cms.ber_encoding"), (form & CMS_STREAM) != 0);
    EXPECT_EQ(rsa.signers[0].has_signed_attributes, (form & CMS_NOATTR) == 0);
    EXPECT_EQ(rsa.signers[0].identifier.issuer.has_value(), (form & CMS_USE_KEYID) == 0);
    expect_valid(judge(cms_signed(world().ec, form)), "ECDSA-SHA-256");
  }
}

TEST(OpenSslCms, PssIsRead) {
  const Bio content = content_bio();
  const unsigned flags = CMS_BINARY | CMS_PARTIAL;
  const Owned<CMS_ContentInfo, CMS_ContentInfo_free> message(
      must(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags)));
  CMS_SignerInfo* signer = must(CMS_add1_signer(message.get(), world().rsa.certificate.get(),
                                                world().rsa.key.get(), EVP_sha256(), flags | CMS_KEY_PARAM));
  must(EVP_PKEY_CTX_set_rsa_padding(CMS_SignerInfo_get0_pkey_ctx(signer), RSA_PKCS1_PSS_PADDING));
  must(CMS_final(message.get(), content.get(), nullptr, flags));
  expect_valid(judge(written([&](BIO* out) { return i2d_CMS_bio(out, message.get()); })), "RSA-PSS-SHA-256");
}

TEST(OpenSslCms, DetachedSignaturesAreRead) {
  const Bytes message = cms_signed(world().ec, CMS_DETACHED);
  const auto report = verify_detached(message, as_bytes(kContent), world().options());
  expect_valid(*report, "ECDSA-SHA-256");
  EXPECT_TRUE(report->detached);
  const auto other = verify_detached(message, as_bytes("something else"), world().options());
  EXPECT_TRUE(other->has("cms.digest_mismatch"));
}

TEST(OpenSslCms, TwoSignersOfDifferentKindsAreRead) {
  const Bio content = content_bio();
  const unsigned flags = CMS_BINARY | CMS_PARTIAL;
  const Owned<CMS_ContentInfo, CMS_ContentInfo_free> message(
      must(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags)));
  must(CMS_add1_signer(message.get(), world().rsa.certificate.get(), world().rsa.key.get(), EVP_sha384(),
                       flags));
  must(CMS_add1_signer(message.get(), world().ec.certificate.get(), world().ec.key.get(), EVP_sha512(),
                       flags));
  must(CMS_final(message.get(), content.get(), nullptr, flags));
  const auto report = judge(written([&](BIO* out) { return i2d_CMS_bio(out, message.get()); }));
  EXPECT_EQ(report.indication(), Indication::kValid);
  EXPECT_EQ(report.signers.size(), 2U);
}

TEST(OpenSslCms, Sha1IsNotBelieved) {
  const Bio content = content_bio();
  const unsigned flags = CMS_BINARY | CMS_PARTIAL;
  const Owned<CMS_ContentInfo, CMS_ContentInfo_free> message(
      must(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags)));
  must(CMS_add1_signer(message.get(), world().rsa.certificate.get(), world().rsa.key.get(), EVP_sha1(),
                       flags));
  must(CMS_final(message.get(), content.get(), nullptr, flags));
  const auto report = judge(written([&](BIO* out) { return i2d_CMS_bio(out, message.get()); }));
  EXPECT_EQ(report.indication(), Indication::kIndeterminate);
  EXPECT_TRUE(report.has("cms.weak_digest"));
}

TEST(OpenSslPkcs7, SmimeMessagesAreRead) {
  for (const int flags : {PKCS7_BINARY, PKCS7_BINARY | PKCS7_NOATTR}) {
    const Bio content = content_bio();
    const Owned<PKCS7, PKCS7_free> message(must(
        PKCS7_sign(world().rsa.certificate.get(), world().rsa.key.get(), nullptr, content.get(), flags)));
    expect_valid(judge(written([&](BIO* out) { return i2d_PKCS7_bio(out, message.get()); })), "RSA-SHA-256");
  }
}

ASN1_INTEGER* stamp_serial(TS_RESP_CTX*, void*) {
  ASN1_INTEGER* serial = ASN1_INTEGER_new();
  ASN1_INTEGER_set(serial, 77);
  return serial;
}
int stamp_time(TS_RESP_CTX*, void*, long* seconds, long* microseconds) {
  *seconds = test::time("2026-06-01T00:00:00Z").time_since_epoch().count();
  *microseconds = 123'000;
  return 1;
}

/// A response of OpenSSL's time-stamping server to a request of ours.
Bytes stamped_by_openssl(const TimestampRequest& request) {
  const Owned<TS_RESP_CTX, TS_RESP_CTX_free> context(must(TS_RESP_CTX_new()));
  TS_RESP_CTX_set_serial_cb(context.get(), stamp_serial, nullptr);
  TS_RESP_CTX_set_time_cb(context.get(), stamp_time, nullptr);
  must(TS_RESP_CTX_set_signer_cert(context.get(), world().tsa.certificate.get()));
  must(TS_RESP_CTX_set_signer_key(context.get(), world().tsa.key.get()));
  must(TS_RESP_CTX_set_signer_digest(context.get(), EVP_sha256()));
  must(TS_RESP_CTX_set_ess_cert_id_digest(context.get(), EVP_sha256()));
  const Owned<ASN1_OBJECT, ASN1_OBJECT_free> policy(must(OBJ_txt2obj("1.2.3.4.1", 1)));
  must(TS_RESP_CTX_set_def_policy(context.get(), policy.get()));
  must(TS_RESP_CTX_add_md(context.get(), EVP_sha256()));
  must(TS_RESP_CTX_add_md(context.get(), EVP_sm3()));
  must(TS_RESP_CTX_set_accuracy(context.get(), 1, 500, 100));
  must(TS_RESP_CTX_set_clock_precision_digits(context.get(), 3));
  TS_RESP_CTX_add_flags(context.get(), TS_TSA_NAME | TS_ORDERING);
  const Bytes der = request.to_der();
  const Bio in(must(BIO_new_mem_buf(der.data(), static_cast<int>(der.size()))));
  const Owned<TS_RESP, TS_RESP_free> response(must(TS_RESP_create_response(context.get(), in.get())));
  return written([&](BIO* out) { return i2d_TS_RESP_bio(out, response.get()); });
}

TEST(OpenSslTimestamp, RsaTokensAreRead) {
  for (const auto digest : {crypto::DigestAlgorithm::kSha256, crypto::DigestAlgorithm::kSm3}) {
    TimestampRequest request;
    request.imprint = imprint_of(as_bytes("abc"), digest);
    request.nonce = x509::Serial::from_hex("0102030405").value();
    request.certificate_wanted = true;
    const auto report =
        verify_timestamp(stamped_by_openssl(request), expectation_of(request), world().options());
    EXPECT_EQ(report.indication, Indication::kValid)
        << testing::PrintToString(test::codes(report.findings, Severity::kError));
    ASSERT_TRUE(report.info);
    EXPECT_EQ(report.info->microseconds, 123'000U);
    EXPECT_EQ(report.info->accuracy->millis, 500);
    EXPECT_TRUE(report.info->ordering);
    EXPECT_THAT(report.findings, IsEmpty());
  }
}

TEST(OpenSslTimestamp, ARefusalIsRead) {
  TimestampRequest request;
  request.imprint = imprint_of(as_bytes("abc"), crypto::DigestAlgorithm::kSha1);
  const auto report =
      verify_timestamp(stamped_by_openssl(request), expectation_of(request), world().options());
  EXPECT_TRUE(x509::has_finding(report.findings, "timestamp.refused"));
}

TEST(OpenSslTimestamp, ReadsOurRequestsTheSameWay) {
  TimestampRequest request;
  request.imprint = imprint_of(as_bytes("abc"));
  request.policy = asn1::Oid("1.2.3.4.1");
  request.nonce = x509::Serial::from_hex("80").value();
  request.certificate_wanted = true;
  const Bytes der = request.to_der();
  const unsigned char* at = der.data();
  const Owned<TS_REQ, TS_REQ_free> read(must(d2i_TS_REQ(nullptr, &at, static_cast<long>(der.size()))));
  EXPECT_EQ(TS_REQ_get_cert_req(read.get()), 1);
  EXPECT_EQ(written([&](BIO* out) { return i2d_TS_REQ_bio(out, read.get()); }), der);
  EXPECT_EQ(TimestampRequest::from_der(der)->to_der(), der);
}

}  // namespace
}  // namespace hutong::cms
