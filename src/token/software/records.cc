#include "token/software/records.h"

#include <limits>

#include "asn1/reader.h"
#include "asn1/writer.h"

namespace hutong::token::software {
namespace {

using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

constexpr std::uint64_t kRecordVersion = 1;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kIdentitySize = 16;
constexpr std::size_t kPublicKeySize = 65;

/// What every reader below gives for whatever is wrong: these files are ours, so the place matters to nobody.
Error broken_record() { return {Errc::kMalformed, "token.record", "a file of the token is damaged"}; }

template <typename Fill>
Bytes encode_versioned(Fill&& fill) {
  Writer out;
  out.sequence([&](Writer& body) {
    body.small(kRecordVersion);
    fill(body);
  });
  return std::move(out).take();
}

/// The fields of a record, which `read` takes from its reader up to the end.
template <typename Record, typename Read>
Result<Record> decode_versioned(ByteView der, Read&& read) {
  const auto parse = [&]() -> Result<Record> {
    Reader outer(der);
    HUTONG_TRY(Reader body, outer.enter_sequence());
    HUTONG_CHECK(outer.finish());
    HUTONG_TRY(const std::uint64_t version, body.read_small());
    if (version != kRecordVersion) {
      return broken_record();
    }
    HUTONG_TRY(Record record, read(body));
    HUTONG_CHECK(body.finish());
    return record;
  };
  Result<Record> record = parse();
  return record ? std::move(record) : Result<Record>(broken_record());
}

Result<Bytes> read_octets(Reader& reader, std::size_t least, std::size_t most) {
  HUTONG_TRY(const ByteView octets, reader.read_octet_string());
  if (octets.size() < least || octets.size() > most) {
    return broken_record();
  }
  return to_bytes(octets);
}

Result<std::string> read_name(Reader& reader, std::size_t most) {
  HUTONG_TRY(const Bytes octets, read_octets(reader, 1, most));
  return std::string(as_text(octets));
}

Result<std::string> read_text(Reader& reader, std::size_t most) {
  HUTONG_TRY(const Bytes octets, read_octets(reader, 0, most));
  return std::string(as_text(octets));
}

Result<std::uint32_t> read_number(Reader& reader, std::uint32_t most) {
  HUTONG_TRY(const std::uint64_t number, reader.read_small());
  if (number > most) {
    return broken_record();
  }
  return static_cast<std::uint32_t>(number);
}

constexpr std::uint32_t kAnyNumber = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kMostRights = 0xFF;
constexpr std::uint32_t kMostTriesRead = 255;
constexpr std::size_t kMostSealedKey = 64;
constexpr std::size_t kMostCertificateRead = 1 << 20;
constexpr std::size_t kMostContentRead = 16 << 20;

void write_sealed(Writer& out, const SealedOctets& sealed) {
  out.octet_string(sealed.nonce);
  out.octet_string(sealed.octets);
}

Result<SealedOctets> read_sealed(Reader& reader) {
  HUTONG_TRY(Bytes nonce, read_octets(reader, kNonceSize, kNonceSize));
  HUTONG_TRY(Bytes octets, read_octets(reader, 1, kMostSealedKey));
  return SealedOctets{std::move(nonce), std::move(octets)};
}

void write_pin(Writer& out, const PinRecord& pin) {
  out.sequence([&](Writer& body) {
    body.small(pin.most_tries);
    body.small(pin.rounds);
    body.octet_string(pin.salt);
    write_sealed(body, pin.master_key);
    body.boolean(pin.factory);
  });
}

Result<PinRecord> read_pin(Reader& reader) {
  HUTONG_TRY(Reader body, reader.enter_sequence());
  PinRecord pin;
  HUTONG_TRY(pin.most_tries, read_number(body, kMostTriesRead));
  HUTONG_TRY(pin.rounds, read_number(body, kAnyNumber));
  HUTONG_TRY(pin.salt, read_octets(body, kSaltSize, kSaltSize));
  HUTONG_TRY(pin.master_key, read_sealed(body));
  HUTONG_TRY(pin.factory, body.read_boolean());
  HUTONG_CHECK(body.finish());
  return pin;
}

void write_pair(Writer& out, std::uint8_t number, const std::optional<KeyPairRecord>& pair) {
  if (pair) {
    out.constructed(asn1::context_constructed(number), [&](Writer& body) {
      body.octet_string(pair->public_key.octets());
      write_sealed(body, pair->private_key);
    });
  }
}

Result<std::optional<KeyPairRecord>> read_pair(Reader& reader, std::uint8_t number) {
  HUTONG_TRY(auto body, reader.enter_optional(asn1::context_constructed(number)));
  if (!body) {
    return std::optional<KeyPairRecord>();
  }
  HUTONG_TRY(const Bytes octets, read_octets(*body, kPublicKeySize, kPublicKeySize));
  HUTONG_TRY(const auto public_key, crypto::Sm2PublicKey::from_octets(octets));
  HUTONG_TRY(SealedOctets sealed, read_sealed(*body));
  HUTONG_CHECK(body->finish());
  return std::optional<KeyPairRecord>(KeyPairRecord{public_key, std::move(sealed)});
}

void write_certificate(Writer& out, std::uint8_t number, const Bytes& der) {
  if (!der.empty()) {
    out.element(asn1::context(number), der);
  }
}

Result<Bytes> read_certificate(Reader& reader, std::uint8_t number) {
  HUTONG_TRY(const auto der, reader.read_optional(asn1::context(number)));
  if (!der) {
    return Bytes();
  }
  if (der->empty() || der->size() > kMostCertificateRead) {
    return broken_record();
  }
  return to_bytes(*der);
}

}  // namespace

Bytes encode(const DeviceRecord& record) {
  return encode_versioned([&](Writer& body) {
    body.octet_string(as_bytes(record.label));
    body.octet_string(as_bytes(record.manufacturer));
    body.octet_string(as_bytes(record.issuer));
    body.octet_string(as_bytes(record.serial_number));
  });
}

Result<DeviceRecord> decode_device(ByteView der) {
  return decode_versioned<DeviceRecord>(der, [](Reader& body) -> Result<DeviceRecord> {
    DeviceRecord record;
    HUTONG_TRY(record.label, read_text(body, kMostLabelSize));
    HUTONG_TRY(record.manufacturer, read_text(body, kMostTextSize));
    HUTONG_TRY(record.issuer, read_text(body, kMostTextSize));
    HUTONG_TRY(record.serial_number, read_text(body, kMostLabelSize));
    return record;
  });
}

Bytes encode(const ApplicationRecord& record) {
  return encode_versioned([&](Writer& body) {
    body.octet_string(as_bytes(record.name));
    body.octet_string(record.identity);
    body.small(record.creation_rights);
    write_pin(body, record.admin);
    write_pin(body, record.user);
  });
}

Result<ApplicationRecord> decode_application(ByteView der) {
  return decode_versioned<ApplicationRecord>(der, [](Reader& body) -> Result<ApplicationRecord> {
    ApplicationRecord record;
    HUTONG_TRY(record.name, read_name(body, kMostNameSize));
    HUTONG_TRY(record.identity, read_octets(body, kIdentitySize, kIdentitySize));
    HUTONG_TRY(record.creation_rights, read_number(body, kMostRights));
    HUTONG_TRY(record.admin, read_pin(body));
    HUTONG_TRY(record.user, read_pin(body));
    return record;
  });
}

Bytes encode(const TriesRecord& record) {
  return encode_versioned([&](Writer& body) {
    body.small(record.admin);
    body.small(record.user);
  });
}

Result<TriesRecord> decode_tries(ByteView der) {
  return decode_versioned<TriesRecord>(der, [](Reader& body) -> Result<TriesRecord> {
    TriesRecord record;
    HUTONG_TRY(record.admin, read_number(body, kMostTriesRead));
    HUTONG_TRY(record.user, read_number(body, kMostTriesRead));
    return record;
  });
}

Bytes encode(const ContainerRecord& record) {
  return encode_versioned([&](Writer& body) {
    body.octet_string(as_bytes(record.name));
    write_pair(body, 0, record.signature);
    write_pair(body, 1, record.encryption);
    write_certificate(body, 2, record.signature_certificate);
    write_certificate(body, 3, record.encryption_certificate);
  });
}

Result<ContainerRecord> decode_container(ByteView der) {
  return decode_versioned<ContainerRecord>(der, [](Reader& body) -> Result<ContainerRecord> {
    ContainerRecord record;
    HUTONG_TRY(record.name, read_name(body, kMostNameSize));
    HUTONG_TRY(record.signature, read_pair(body, 0));
    HUTONG_TRY(record.encryption, read_pair(body, 1));
    HUTONG_TRY(record.signature_certificate, read_certificate(body, 2));
    HUTONG_TRY(record.encryption_certificate, read_certificate(body, 3));
    return record;
  });
}

Bytes encode(const FileRecord& record) {
  return encode_versioned([&](Writer& body) {
    body.octet_string(as_bytes(record.name));
    body.small(record.size);
    body.small(record.read_rights);
    body.small(record.write_rights);
    body.octet_string(record.nonce);
    body.octet_string(record.content);
  });
}

Result<FileRecord> decode_file(ByteView der) {
  return decode_versioned<FileRecord>(der, [](Reader& body) -> Result<FileRecord> {
    FileRecord record;
    HUTONG_TRY(record.name, read_name(body, kMostFileNameSize));
    HUTONG_TRY(record.size, read_number(body, kAnyNumber));
    HUTONG_TRY(record.read_rights, read_number(body, kMostRights));
    HUTONG_TRY(record.write_rights, read_number(body, kMostRights));
    HUTONG_TRY(record.nonce, read_octets(body, 0, kNonceSize));
    HUTONG_TRY(record.content, read_octets(body, 0, kMostContentRead));
    return record;
  });
}

}  // namespace hutong::token::software
