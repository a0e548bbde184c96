#include "recognition/mask.h"

#include <algorithm>

#include "x509/mask_text.h"

namespace hutong::recognition {
namespace {

constexpr std::size_t kResidentNumber = 18;
constexpr std::size_t kMobileNumber = 11;
constexpr std::size_t kLeastNumber = 5;  ///< anything shorter is found in other words, too
constexpr std::size_t kKeptInFront = 3;
constexpr std::size_t kKeptAtEnd = 2;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// A mobile number that is no part of something longer begins at `at`.
bool is_mobile_number(std::string_view text, std::size_t at) {
  const std::string_view number = text.substr(at, kMobileNumber);
  const bool alone = (at == 0 || !is_word(text[at - 1])) &&
                     (at + kMobileNumber >= text.size() || !is_word(text[at + kMobileNumber]));
  return alone && number.size() == kMobileNumber && number[0] == '1' && number[1] >= '3' &&
         std::ranges::all_of(number, is_digit);
}

void mask_all(std::string& text, std::string_view number) {
  const std::string masked = mask(number);
  for (auto at = text.find(number); at != text.npos; at = text.find(number, at + masked.size())) {
    text.replace(at, number.size(), masked);
  }
}

}  // namespace

std::string mask(std::string_view number) {
  const bool is_short = x509::count_characters(number) < 2 * (kKeptInFront + kKeptAtEnd);
  return is_short ? x509::mask_middle(number, 1, 0) : x509::mask_middle(number, kKeptInFront, kKeptAtEnd);
}

std::string mask_resident_numbers(std::string_view text) {
  std::string masked(text);
  for (std::size_t i = 0; i + kResidentNumber <= text.size(); ++i) {
    if (x509::is_resident_identity_number(text.substr(i, kResidentNumber))) {
      masked.replace(i, kResidentNumber, mask(text.substr(i, kResidentNumber)));
      i += kResidentNumber - 1;
    }
  }
  return masked;
}

std::string mask_personal_numbers(std::string_view text) {
  std::string masked = mask_resident_numbers(text);
  for (std::size_t i = 0; i + kMobileNumber <= masked.size(); ++i) {
    if (is_mobile_number(masked, i)) {
      masked.replace(i, kMobileNumber, mask(std::string_view(masked).substr(i, kMobileNumber)));
    }
  }
  return masked;
}

std::string mask_personal_numbers(const x509::Certificate& certificate, std::string_view text) {
  std::string masked = mask_personal_numbers(text);
  for (const auto& identity : certificate.identities()) {
    if (is_personal(identity.kind) && identity.text.size() >= kLeastNumber) {
      mask_all(masked, identity.text);
    }
  }
  return masked;
}

bool is_personal(const x509::Certificate& certificate) {
  const std::string subject = certificate.subject().to_string();
  return mask_personal_numbers(subject) != subject ||
         std::ranges::any_of(certificate.identities(),
                             [](const auto& identity) { return is_personal(identity.kind); });
}

bool is_personal(x509::IdentityKind kind) {
  switch (kind) {
    case x509::IdentityKind::kPersonCode:
    case x509::IdentityKind::kResidentIdentityCard:
    case x509::IdentityKind::kMilitaryOfficerCard:
    case x509::IdentityKind::kPassport:
    case x509::IdentityKind::kInsuranceNumber:
      return true;
    default:
      return false;
  }
}

}  // namespace hutong::recognition
