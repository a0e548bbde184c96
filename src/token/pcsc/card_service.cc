#include "token/pcsc/card_service.h"

#include <winscard.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace hutong::token {
namespace {

constexpr const char* kComingAndGoing = R"(\\?PnP?\Notification)";
constexpr std::size_t kMostAnswer = 258;  // of a short APDU
constexpr DWORD kMostReaderNames = 4096;

Error error_of(LONG code) {
  switch (code) {
    case SCARD_E_NO_SERVICE:
    case SCARD_E_SERVICE_STOPPED:
    case SCARD_F_COMM_ERROR:
    case SCARD_E_INVALID_HANDLE:  // of a connection whose service has ended
      return {Errc::kUnavailable, "pcsc.no_service", "pcscd does not run"};
    case SCARD_E_SHARING_VIOLATION:
      return {Errc::kConflict, "pcsc.card_in_use", "another program uses the card"};
    default:
      std::array<char, 32> text{};
      std::snprintf(text.data(), text.size(), "PC/SC 0x%08lx", static_cast<unsigned long>(code));
      return {Errc::kUnavailable, "pcsc.failed", text.data()};
  }
}

Status checked(LONG code) { return code == SCARD_S_SUCCESS ? ok() : Status(error_of(code)); }

class ExclusiveCard final : public OpenCard {
 public:
  ExclusiveCard(SCARDHANDLE card, DWORD protocol) : card_(card), protocol_(protocol) {}
  ExclusiveCard(const ExclusiveCard&) = delete;
  ExclusiveCard& operator=(const ExclusiveCard&) = delete;
  ~ExclusiveCard() override { ::SCardDisconnect(card_, SCARD_RESET_CARD); }

  Result<Bytes> transmit(ByteView command) override {
    const SCARD_IO_REQUEST* how = protocol_ == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    Bytes answer(kMostAnswer);
    DWORD size = answer.size();
    const LONG code =
        ::SCardTransmit(card_, how, command.data(), command.size(), nullptr, answer.data(), &size);
    if (code != SCARD_S_SUCCESS) {
      return Error{Errc::kUnavailable, "pcsc.card", error_of(code).detail};
    }
    answer.resize(size);
    return answer;
  }

 private:
  SCARDHANDLE card_;
  DWORD protocol_;
};

Result<std::vector<std::string>> reader_names(SCARDCONTEXT context) {
  std::array<char, kMostReaderNames> list{};
  DWORD size = list.size();
  const LONG code = ::SCardListReaders(context, nullptr, list.data(), &size);
  if (code != SCARD_S_SUCCESS && code != SCARD_E_NO_READERS_AVAILABLE) {
    return error_of(code);
  }
  std::vector<std::string> names;
  for (const char* name = list.data(); *name != '\0'; name += names.back().size() + 1) {
    names.emplace_back(name);
  }
  return names;
}

ReaderState state_from(const SCARD_READERSTATE& told) {
  ReaderState state;
  state.name = told.szReader;
  state.event = told.dwEventState & ~DWORD{SCARD_STATE_CHANGED};
  state.has_card = (told.dwEventState & SCARD_STATE_PRESENT) != 0;
  state.is_mute = (told.dwEventState & SCARD_STATE_MUTE) != 0;
  const std::size_t size = std::min<std::size_t>(told.cbAtr, sizeof(told.rgbAtr));
  state.atr.assign(told.rgbAtr, told.rgbAtr + size);
  return state;
}

}  // namespace

Result<std::shared_ptr<CardService>> CardService::connect() {
  SCARDCONTEXT context = 0;
  HUTONG_CHECK(checked(::SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context)));
  return std::shared_ptr<CardService>(new CardService(context));
}

CardService::~CardService() { ::SCardReleaseContext(context_); }

Result<std::vector<ReaderState>> CardService::look() const {
  HUTONG_TRY(const auto names, reader_names(context_));
  std::vector<SCARD_READERSTATE> told(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    told[i].szReader = names[i].c_str();
    told[i].dwCurrentState = SCARD_STATE_UNAWARE;
  }
  if (!told.empty()) {
    HUTONG_CHECK(checked(::SCardGetStatusChange(context_, 0, told.data(), told.size())));
  }
  std::vector<ReaderState> states;
  std::ranges::transform(told, std::back_inserter(states), state_from);
  return states;
}

Status CardService::wait(const std::vector<ReaderState>& known, std::chrono::milliseconds limit) const {
  std::vector<SCARD_READERSTATE> told(known.size() + 1);
  for (std::size_t i = 0; i < known.size(); ++i) {
    told[i].szReader = known[i].name.c_str();
    told[i].dwCurrentState = known[i].event;
  }
  told.back().szReader = kComingAndGoing;
  const LONG code =
      ::SCardGetStatusChange(context_, static_cast<DWORD>(limit.count()), told.data(), told.size());
  return code == SCARD_E_TIMEOUT || code == SCARD_E_CANCELLED ? ok() : checked(code);
}

void CardService::cancel() const { ::SCardCancel(context_); }

Result<std::unique_ptr<OpenCard>> CardService::open(const std::string& reader) const {
  SCARDHANDLE card = 0;
  DWORD protocol = 0;
  HUTONG_CHECK(checked(::SCardConnect(context_, reader.c_str(), SCARD_SHARE_EXCLUSIVE,
                                      SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol)));
  return std::unique_ptr<OpenCard>(std::make_unique<ExclusiveCard>(card, protocol));
}

}  // namespace hutong::token
