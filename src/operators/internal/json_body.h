#pragma once

#include "net/json_body.h"

namespace hutong::operators {

using net::cut_page;
using net::JsonBody;
using net::page_request;
using net::PageRequest;
using net::query_text;
using net::whole_number;

}  // namespace hutong::operators
