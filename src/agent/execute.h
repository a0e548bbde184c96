#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/call.h"
#include "agent/page_stream.h"

namespace hutong::agent {

/// One request from its params to the frame that answers it.
struct Execution {
  Workbench& bench;
  const Method& method;
  const PageRequest& request;
  const std::string& origin;
  std::shared_ptr<PageStream> stream;  ///< null: content stands in params and result
  std::function<bool()> is_wanted;
};
struct Executed {
  std::string frame;
  std::string_view problem;  ///< its code; empty when it went well
};
/// On a worker; takes as long as it takes. Never throws: what fails unforeseen is "internal".
Executed execute(const Execution& execution);

}  // namespace hutong::agent
