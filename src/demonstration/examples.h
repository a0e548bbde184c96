#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "demonstration/region.h"
#include "x509/report.h"

namespace hutong::demonstration {

/// A file to try, and what the platform is expected to say about it.
struct Example {
  std::string name;
  Bytes content;
  std::string title_zh;
  std::string title_en;
  std::string hint_zh;
  std::string hint_en;
  x509::Indication expected = x509::Indication::kValid;
  std::string detached_name;  ///< file with the content of a detached signature or time stamp; empty if none
  Bytes detached;
};

/// Good, expired, revoked, forged, odd certificates; messages, stamps, lists and a broken file.
Result<std::vector<Example>> make_examples(const Region& region);
/// manifest.json as the platform reads it.
std::string manifest_of(const std::vector<Example>& examples);

}  // namespace hutong::demonstration
