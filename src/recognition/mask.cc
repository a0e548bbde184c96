#include "recognition/mask.h"

#include <algorithm>

namespace hutong::recognition {
namespace {

constexpr std::size_t kResidentNumber = 18;
constexpr std::size_t kKeptInFront = 3;
constexpr std::size_t kKeptAtEnd = 2;

}  // namespace

std::string mask(std::string_view number) {
  const bool is_short = number.size() < 2 * (kKeptInFront + kKeptAtEnd);
  const std::size_t front = is_short ? std::min<std::size_t>(number.size(), 1) : kKeptInFront;
  const std::size_t back = is_short ? 0 : kKeptAtEnd;
  std::string masked(number.substr(0, front));
  masked.append(number.size() - front - back, '*');
  return masked.append(number.substr(number.size() - back));
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
