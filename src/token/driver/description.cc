#include "token/driver/description.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/config_reader.h"
#include "base/encoding.h"

namespace hutong::token {
namespace {

constexpr std::size_t kMostName = 64;
constexpr std::size_t kMostDigests = 16;
constexpr std::int64_t kMostSeconds = 600;
constexpr std::size_t kLeastIdentifier = 5;  // ISO/IEC 7816-4, 12.2.3
constexpr std::size_t kMostIdentifier = 16;

Error broken(std::string detail) { return {Errc::kMalformed, "token.description", std::move(detail)}; }

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMostName && std::ranges::all_of(text, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  });
}

bool read_hex(std::string_view text, std::uint16_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return error == std::errc() && end == text.data() + text.size() && text.size() == 4;
}

Result<std::optional<std::uint16_t>> object_from(std::string_view key, std::string_view text) {
  std::uint16_t object = 0;
  if (text.empty()) {
    return std::optional<std::uint16_t>();
  }
  return read_hex(text, object)
             ? Result<std::optional<std::uint16_t>>(object)
             : Result<std::optional<std::uint16_t>>(broken(std::string(key) + ": " + std::string(text)));
}

Result<Bytes> application_from(std::string_view text) {
  auto octets = from_hex(text);
  return octets && (octets->empty() || octets->size() >= kLeastIdentifier) &&
                 octets->size() <= kMostIdentifier
             ? std::move(octets)
             : Result<Bytes>(broken("pcsc.application: " + std::string(text)));
}

Result<UsbId> usb_id_from(std::string_view text) {
  UsbId out;
  const bool good = text.size() == 9 && text[4] == ':' && read_hex(text.substr(0, 4), out.vendor) &&
                    read_hex(text.substr(5), out.product);
  return good ? Result<UsbId>(out) : Result<UsbId>(broken("driver.usb: " + std::string(text)));
}

Result<crypto::Sm3Digest> digest_from(std::string_view text) {
  const auto octets = from_hex(text);
  crypto::Sm3Digest digest{};
  if (!octets || octets->size() != digest.size()) {
    return broken("library.sm3: " + std::string(text));
  }
  std::ranges::copy(*octets, digest.begin());
  return digest;
}

/// Takes each text of a list through `read`.
template <typename Value, typename Read>
Status read_each(const std::vector<std::string>& texts, std::vector<Value>& out, const Read& read) {
  for (const std::string& text : texts) {
    HUTONG_TRY(auto value, read(text));
    out.push_back(std::move(value));
  }
  return ok();
}

Result<Quirk> quirk_from(std::string_view text) {
  const auto quirk = quirk_from_name(text);
  return quirk ? Result<Quirk>(*quirk) : Result<Quirk>(broken("quirks.allowed: " + std::string(text)));
}

/// The section [pcsc] as it is written.
struct CardTexts {
  std::vector<std::string> atr;
  std::string application;
  std::string label;
  std::string serial_number;

  void read(ConfigReader& in) {
    in.texts("pcsc", "atr", atr);
    in.text("pcsc", "application", application);
    in.text("pcsc", "label", label);
    in.text("pcsc", "serial_number", serial_number);
  }
  Result<CardDescription> card() const {
    CardDescription out;
    HUTONG_CHECK(read_each(atr, out.answers_to_reset, AtrPattern::parse));
    HUTONG_TRY(out.application, application_from(application));
    HUTONG_TRY(out.label_object, object_from("pcsc.label", label));
    HUTONG_TRY(out.serial_number_object, object_from("pcsc.serial_number", serial_number));
    return out;
  }
};

}  // namespace

Result<DriverDescription> read_description(const std::filesystem::path& file) {
  HUTONG_TRY(ConfigReader in, ConfigReader::open(file));
  DriverDescription out;
  std::vector<std::string> usb;
  std::vector<std::string> digests;
  std::vector<std::string> quirks;
  std::int64_t seconds = out.call_limit.count();
  in.text("driver", "name", out.name);
  in.text("driver", "vendor", out.vendor);
  in.text("driver", "vendor_zh", out.vendor_zh);
  in.text("driver", "product", out.product);
  in.text("driver", "application", out.application);
  in.texts("driver", "usb", usb);
  in.number("driver", "edition", 2012, 2023, out.edition);
  in.paths("library", "linux", out.linux_libraries);
  in.texts("library", "windows", out.windows_libraries);
  in.texts("library", "sm3", digests);
  in.paths("library", "dependency_folders", out.dependency_folders);
  in.number("calls", "seconds", 1, kMostSeconds, seconds);
  in.flag("calls", "wait_for_events", out.wait_for_events);
  in.texts("quirks", "allowed", quirks);
  CardTexts card;
  card.read(in);
  HUTONG_CHECK(in.finish());
  out.call_limit = std::chrono::seconds(seconds);
  if (!is_name(out.name)) {
    return broken("driver.name: 1 to 64 of a-z, 0-9 and '-'");
  }
  if (digests.size() > kMostDigests) {
    return broken("library.sm3: more than " + std::to_string(kMostDigests));
  }
  HUTONG_TRY(out.card, card.card());
  HUTONG_CHECK(read_each(usb, out.usb, usb_id_from));
  HUTONG_CHECK(read_each(digests, out.allowed, digest_from));
  HUTONG_CHECK(read_each(quirks, out.quirks, quirk_from));
  return out;
}

DescriptionFolder read_descriptions(const std::filesystem::path& folder) {
  std::set<std::filesystem::path> files;  // sorted
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(folder, error);
       entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".toml") {
      files.insert(entry->path());
    }
  }
  DescriptionFolder out;
  std::set<std::string> names;
  for (const auto& file : files) {
    auto description = read_description(file);
    if (description && !names.insert(description->name).second) {
      description = broken("driver.name: " + description->name + " comes twice");
    }
    if (description) {
      out.drivers.push_back(std::move(description).value());
    } else {
      Error failed = std::move(description).error();
      failed.detail = file.filename().string() + ": " + failed.detail;
      out.errors.push_back(std::move(failed));
    }
  }
  return out;
}

}  // namespace hutong::token
