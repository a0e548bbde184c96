#include "net/web_socket.h"

#include <algorithm>

namespace hutong::net {
namespace {

std::string_view unpadded(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool names_one(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (unpadded(list.substr(0, end)) == wanted) {
      return true;
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace

bool asks_for_subprotocol(const Request& request, std::string_view subprotocol) {
  const auto asked = request.headers.find("sec-websocket-protocol");
  return asked && names_one(*asked, subprotocol);
}

}  // namespace hutong::net
