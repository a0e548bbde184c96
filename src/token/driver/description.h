#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/sm3.h"
#include "token/driver/atr_pattern.h"
#include "token/driver/quirks.h"

namespace hutong::token {

struct UsbId {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  friend bool operator==(const UsbId&, const UsbId&) = default;
};

/// How a card of the driver is known in a reader (PC/SC), and what it is asked when it comes.
struct CardDescription {
  std::vector<AtrPattern> answers_to_reset;
  Bytes application;  ///< its identifier (AID); empty: the answer to reset is enough, nothing is selected
  std::optional<std::uint16_t> label_object;  ///< the data object (GET DATA) that holds the text
  std::optional<std::uint16_t> serial_number_object;
};

/// One file of drivers.d (docs/tokens.md): what a vendor's SKF library is, where it lies and how it deviates.
///
///   [driver]   name, vendor, vendor_zh, product, usb = ["055c:db08"], edition = 2012, application
///   [library]  linux = [paths], windows = [paths], sm3 = [hex], dependency_folders = [paths]
///   [calls]    seconds = 30, wait_for_events = false
///   [pcsc]     atr = ["3b 9f .. 81*"], application = "a000000001", label = "0050", serial_number = "005a"
///   [quirks]   allowed = ["left_aligned_numbers"]
struct DriverDescription {
  std::string name;  ///< 1 to 64 of a-z, 0-9, '-'; unique in the folder
  std::string vendor;
  std::string vendor_zh;
  std::string product;
  std::string application;  ///< the usual name of its application; empty: not known
  std::vector<UsbId> usb;
  CardDescription card;
  unsigned edition = 2012;                             ///< of GM/T 0016: 2012 or 2023
  std::vector<std::filesystem::path> linux_libraries;  ///< the first that exists is it
  std::vector<std::string> windows_libraries;          ///< names, as vendors install them
  std::vector<crypto::Sm3Digest> allowed;              ///< SM3 of library files; empty: any
  std::vector<std::filesystem::path> dependency_folders;
  std::chrono::seconds call_limit{30};
  bool wait_for_events = false;  ///< SKF_WaitForDevEvent works: no polling for hot plug
  std::vector<Quirk> quirks;
};

/// kMalformed "token.description" (name, USB id, SM3 or quirk), "config.…", and what read_file says.
Result<DriverDescription> read_description(const std::filesystem::path& file);

/// All descriptions of a folder (*.toml), by file name, and what was wrong with the others.
struct DescriptionFolder {
  std::vector<DriverDescription> drivers;
  std::vector<Error> errors;  ///< the detail names the file
};
DescriptionFolder read_descriptions(const std::filesystem::path& folder);

}  // namespace hutong::token
