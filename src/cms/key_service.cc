#include "cms/key_service.h"

#include <algorithm>
#include <array>
#include <utility>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"

namespace hutong::cms {
namespace {

namespace oids = asn1::oids;
using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kKeyBits = 256;
constexpr Tag kDirectoryName = asn1::context_constructed(4);
constexpr Tag kApply = asn1::context_constructed(0);
constexpr Tag kRestore = asn1::context_constructed(1);
constexpr Tag kRevoke = asn1::context_constructed(2);
constexpr Tag kError = asn1::context_constructed(3);

Error broken_service_message(std::string detail) {
  return {Errc::kMalformed, "key_service.structure", std::move(detail)};
}

// --- writing

void write_algorithm(Writer& out, const asn1::Oid& oid) {
  out.sequence([&oid](Writer& body) { body.oid(oid); });
}
void write_serial(Writer& out, const x509::Serial& serial) { out.element(Tag::kInteger, serial.content()); }
/// retAsymAlg, retSymAlg, retHashAlg.
void write_answer_algorithms(Writer& out) {
  write_algorithm(out, oids::kSm2Encrypt);
  write_algorithm(out, oids::kSm4);
  write_algorithm(out, oids::kSm3);
}
void write_party(Writer& out, const KeyServiceParty& party) {
  out.sequence([&party](Writer& body) {
    write_algorithm(body, oids::kSm3);
    body.constructed(kDirectoryName, [&party](Writer& name) { name.raw(party.name.der()); });
    body.octet_string(party.key_sm3);
    write_serial(body, party.serial);
  });
}

void write(Writer& out, const ApplyKeyRequest& request) {
  out.constructed(kApply, [&request](Writer& body) {
    write_algorithm(body, oids::kSm2Curve);
    body.small(kKeyBits);
    write_answer_algorithms(body);
    body.sequence([&request](Writer& user) {
      write_serial(user, request.certificate);
      user.raw(request.user_spki);
      user.generalized_time(request.not_before);
      user.generalized_time(request.not_after);
    });
  });
}
void write(Writer& out, const RestoreKeyRequest& request) {
  out.constructed(kRestore, [&request](Writer& body) {
    write_answer_algorithms(body);
    write_serial(body, request.certificate);
    body.raw(request.user_spki);
  });
}
void write(Writer& out, const RevokeKeyRequest& request) {
  out.constructed(kRevoke, [&request](Writer& body) { write_serial(body, request.certificate); });
}
void write(Writer& out, const ReturnedKey& response) {
  out.constructed(response.reason == ReturnedKey::For::kApplication ? kApply : kRestore,
                  [&response](Writer& body) {
                    write_serial(body, response.certificate);
                    body.raw(response.spki);
                    body.raw(response.protected_key);
                  });
}
void write(Writer& out, const RevokedKey& response) {
  out.constructed(kRevoke, [&response](Writer& body) { write_serial(body, response.certificate); });
}
void write(Writer& out, const KeyServiceError& response) {
  out.constructed(kError, [&response](Writer& body) {
    body.small(response.number);
    body.constructed(asn1::context_constructed(0),
                     [&response](Writer& text) { text.text(Tag::kUtf8String, response.description); });
  });
}

/// KSRequest and KSRespond have the same shape.
template <typename Choice>
Bytes write_body(const KeyServiceParty& party, const std::vector<Choice>& items, Time at,
                 std::uint64_t task) {
  Writer out;
  out.sequence([&](Writer& body) {
    body.small(kVersion);
    write_party(body, party);
    body.sequence([&items](Writer& list) {
      for (const Choice& item : items) {
        std::visit([&list](const auto& one) { write(list, one); }, item);
      }
    });
    body.generalized_time(at);
    body.small(task);
  });
  return std::move(out).take();
}

Result<Bytes> sign_body(const Bytes& body, const crypto::Signer& signer) {
  HUTONG_TRY(const Bytes signature, signer.sign(body));
  Writer out;
  out.sequence([&](Writer& message) {
    message.raw(body);
    message.raw(signer.algorithm().to_der());
    message.octet_string(signature);
  });
  return std::move(out).take();
}

// --- reading

Result<x509::Serial> read_serial(Reader& reader) {
  HUTONG_TRY(const ByteView content, reader.read_integer());
  return x509::Serial::from_content(content);
}
Result<Bytes> read_spki(Reader& reader) {
  HUTONG_TRY(const asn1::Element spki, reader.read_element(Tag::kSequence));
  return Bytes(spki.encoded.begin(), spki.encoded.end());
}
/// An AlgorithmIdentifier that must name one of these; parameters are NULL or absent.
Status expect_algorithm(Reader& reader, std::initializer_list<asn1::Oid> allowed) {
  HUTONG_TRY(Reader algorithm, reader.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, algorithm.read_oid());
  if (!algorithm.at_end()) {
    HUTONG_CHECK(algorithm.read_null());
  }
  HUTONG_CHECK(algorithm.finish());
  if (std::find(allowed.begin(), allowed.end(), oid) == allowed.end()) {
    return Error{Errc::kPolicy, "key_service.algorithm", oid.to_string()};
  }
  return ok();
}
Status expect_answer_algorithms(Reader& reader) {
  HUTONG_CHECK(expect_algorithm(reader, {oids::kSm2Encrypt, oids::kSm2Curve}));
  HUTONG_CHECK(expect_algorithm(reader, {oids::kSm4, oids::kSm4Ecb, oids::kSm4Cbc}));
  return expect_algorithm(reader, {oids::kSm3});
}

Result<KeyServiceParty> read_party(Reader& outer) {
  HUTONG_TRY(Reader reader, outer.enter_sequence());
  HUTONG_CHECK(expect_algorithm(reader, {oids::kSm3}));
  HUTONG_TRY(Reader directory, reader.enter(kDirectoryName));
  HUTONG_TRY(const asn1::Element name, directory.read_element(Tag::kSequence));
  HUTONG_CHECK(directory.finish());
  KeyServiceParty party;
  HUTONG_TRY(party.name, x509::Name::parse(name.encoded));
  HUTONG_TRY(const ByteView hash, reader.read_octet_string());
  if (hash.size() != party.key_sm3.size()) {
    return broken_service_message("the hash of a key has 32 octets");
  }
  std::ranges::copy(hash, party.key_sm3.begin());
  HUTONG_TRY(party.serial, read_serial(reader));
  HUTONG_CHECK(reader.finish());
  return party;
}

Result<Time> read_generalized_time(Reader& reader) {
  HUTONG_TRY(const ByteView content, reader.read(Tag::kGeneralizedTime));
  return asn1::generalized_time_from(content);
}

/// AppUserInfo; the optional names and codes of the applicant, [0] to [2], are passed over: the certificate
/// says who it is.
Result<ApplyKeyRequest> read_apply(Reader reader) {
  HUTONG_CHECK(expect_algorithm(reader, {oids::kSm2Curve, oids::kEcPublicKey}));
  HUTONG_TRY(const std::uint64_t bits, reader.read_small());
  if (bits != kKeyBits) {
    return Error{Errc::kPolicy, "key_service.algorithm", "keys have 256 bits"};
  }
  HUTONG_CHECK(expect_answer_algorithms(reader));
  HUTONG_TRY(Reader user, reader.enter_sequence());
  HUTONG_CHECK(reader.finish());
  ApplyKeyRequest request;
  HUTONG_TRY(request.certificate, read_serial(user));
  HUTONG_TRY(request.user_spki, read_spki(user));
  HUTONG_TRY(request.not_before, read_generalized_time(user));
  HUTONG_TRY(request.not_after, read_generalized_time(user));
  while (!user.at_end()) {
    HUTONG_TRY(const asn1::Element extra, user.read_any());
    if ((static_cast<unsigned>(extra.tag) & 0xC0U) != 0x80U) {
      return broken_service_message("unknown member of AppUserInfo");
    }
  }
  return request;
}
Result<RestoreKeyRequest> read_restore(Reader reader) {
  HUTONG_CHECK(expect_answer_algorithms(reader));
  RestoreKeyRequest request;
  HUTONG_TRY(request.certificate, read_serial(reader));
  HUTONG_TRY(request.user_spki, read_spki(reader));
  HUTONG_CHECK(reader.finish());
  return request;
}
Result<x509::Serial> read_revoke(Reader reader) {
  HUTONG_TRY(auto serial, read_serial(reader));
  HUTONG_CHECK(reader.finish());
  return serial;
}
Result<ReturnedKey> read_returned(Reader reader, ReturnedKey::For reason) {
  ReturnedKey returned{.reason = reason, .certificate = {}, .spki = {}, .protected_key = {}};
  HUTONG_TRY(returned.certificate, read_serial(reader));
  HUTONG_TRY(returned.spki, read_spki(reader));
  HUTONG_TRY(const asn1::Element key, reader.read_element(Tag::kSequence));
  returned.protected_key.assign(key.encoded.begin(), key.encoded.end());
  HUTONG_CHECK(reader.finish());
  return returned;
}
/// The text is an OCTET STRING in one implementation, a UTF8String in two.
Result<KeyServiceError> read_error(Reader reader) {
  KeyServiceError error;
  HUTONG_TRY(error.number, reader.read_small());
  HUTONG_TRY(auto text, reader.enter_optional(asn1::context_constructed(0)));
  if (text) {
    HUTONG_TRY(const asn1::Element element, text->read_any());
    if (element.tag != Tag::kUtf8String && element.tag != Tag::kOctetString) {
      return broken_service_message("an error is described by a string");
    }
    error.description = std::string(as_text(element.content));
    HUTONG_CHECK(text->finish());
  }
  HUTONG_CHECK(reader.finish());
  return error;
}

Result<KeyRequest> read_request(Reader& list) {
  HUTONG_TRY(const asn1::Element element, list.read_any());
  HUTONG_TRY(Reader content, list.nested(element.content));
  if (element.tag == kApply) {
    HUTONG_TRY(auto request, read_apply(content));
    return KeyRequest(std::move(request));
  }
  if (element.tag == kRestore) {
    HUTONG_TRY(auto request, read_restore(content));
    return KeyRequest(std::move(request));
  }
  if (element.tag == kRevoke) {
    HUTONG_TRY(auto serial, read_revoke(content));
    return KeyRequest(RevokeKeyRequest{std::move(serial)});
  }
  return broken_service_message("unknown kind of request");
}

Result<KeyResponse> read_response(Reader& list) {
  HUTONG_TRY(const asn1::Element element, list.read_any());
  HUTONG_TRY(Reader content, list.nested(element.content));
  if (element.tag == kApply || element.tag == kRestore) {
    const auto reason = element.tag == kApply ? ReturnedKey::For::kApplication : ReturnedKey::For::kRecovery;
    HUTONG_TRY(auto returned, read_returned(content, reason));
    return KeyResponse(std::move(returned));
  }
  if (element.tag == kRevoke) {
    HUTONG_TRY(auto serial, read_revoke(content));
    return KeyResponse(RevokedKey{std::move(serial)});
  }
  if (element.tag == kError) {
    HUTONG_TRY(auto error, read_error(content));
    return KeyResponse(std::move(error));
  }
  return broken_service_message("unknown kind of response");
}

/// CARequest or KMRespond taken apart; nothing is verified.
struct SignedBody {
  ByteView body;
  ByteView algorithm;
  ByteView signature;
};
Result<SignedBody> take_apart(ByteView der) {
  Reader outer(der);
  HUTONG_TRY(Reader reader, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const asn1::Element body, reader.read_element(Tag::kSequence));
  HUTONG_TRY(const asn1::Element algorithm, reader.read_element(Tag::kSequence));
  HUTONG_TRY(const ByteView signature, reader.read_octet_string());
  HUTONG_CHECK(reader.finish());
  return SignedBody{body.encoded, algorithm.encoded, signature};
}

Status verify(const SignedBody& message, const x509::Certificate& sender) {
  HUTONG_TRY(const auto algorithm, crypto::SignatureAlgorithm::from_der(message.algorithm));
  if (algorithm != crypto::kSm2WithSm3) {
    return Error{Errc::kPolicy, "key_service.algorithm", algorithm.name()};
  }
  HUTONG_TRY(const auto key, sender.public_key());
  if (!crypto::verify_signature(key, algorithm, message.body, message.signature)) {
    return Error{Errc::kCryptoFail, "key_service.signature", "the signature is not the sender's"};
  }
  return ok();
}

template <typename Choice>
struct Body {
  KeyServiceParty party;
  std::vector<Choice> items;
  Time at{};
  std::uint64_t task = 0;
};

Result<KeyServiceParty> read_opening(Reader& reader) {
  HUTONG_TRY(const std::uint64_t version, reader.read_small());
  if (version != kVersion) {
    return Error{Errc::kPolicy, "key_service.version", std::to_string(version)};
  }
  return read_party(reader);
}

template <typename Choice>
Result<Body<Choice>> read_body(ByteView der, Result<Choice> (*read_item)(Reader& list)) {
  Reader outer(der);
  HUTONG_TRY(Reader reader, outer.enter_sequence());
  Body<Choice> body;
  HUTONG_TRY(body.party, read_opening(reader));
  HUTONG_TRY(Reader list, reader.enter_sequence());
  while (!list.at_end()) {
    if (body.items.size() == kMostKeyRequests) {
      return Error{Errc::kLimit, "key_service.too_many", "a message has at most 1000 parts"};
    }
    HUTONG_TRY(auto item, read_item(list));
    body.items.push_back(std::move(item));
  }
  HUTONG_TRY(body.at, read_generalized_time(reader));
  HUTONG_TRY(body.task, reader.read_small());
  HUTONG_CHECK(reader.finish());
  return body;
}

template <typename Choice>
Result<Body<Choice>> read_signed(ByteView der, const x509::Certificate& sender,
                                 Result<Choice> (*read_item)(Reader& list)) {
  HUTONG_TRY(const SignedBody message, take_apart(der));
  HUTONG_CHECK(verify(message, sender));
  HUTONG_TRY(auto body, read_body<Choice>(message.body, read_item));
  if (!(body.party == KeyServiceParty::of(sender))) {
    return Error{Errc::kUnauthorized, "key_service.party", "the message names another sender"};
  }
  return body;
}

}  // namespace

KeyServiceParty KeyServiceParty::of(const x509::Certificate& certificate) {
  return {.name = certificate.subject(),
          .key_sm3 = crypto::sm3(certificate.key_octets()),
          .serial = certificate.serial()};
}

Result<Bytes> sign_key_service(const KeyServiceRequest& request, const crypto::Signer& signer) {
  return sign_body(write_body(request.ca, request.requests, request.at, request.task), signer);
}

Result<Bytes> sign_key_service(const KeyServiceResponse& response, const crypto::Signer& signer) {
  return sign_body(write_body(response.centre, response.responses, response.at, response.task), signer);
}

Result<KeyServiceRequest> read_key_service_request(ByteView der, const x509::Certificate& sender) {
  HUTONG_TRY(auto body, read_signed<KeyRequest>(der, sender, read_request));
  return KeyServiceRequest{std::move(body.party), std::move(body.items), body.at, body.task};
}

Result<KeyServiceResponse> read_key_service_response(ByteView der, const x509::Certificate& sender) {
  HUTONG_TRY(auto body, read_signed<KeyResponse>(der, sender, read_response));
  return KeyServiceResponse{std::move(body.party), std::move(body.items), body.at, body.task};
}

Result<KeyServiceParty> key_service_sender(ByteView der) {
  HUTONG_TRY(const SignedBody message, take_apart(der));
  Reader outer(message.body);
  HUTONG_TRY(Reader reader, outer.enter_sequence());
  return read_opening(reader);
}

}  // namespace hutong::cms
