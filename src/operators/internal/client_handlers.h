#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "net/http.h"
#include "operators/authorized.h"
#include "operators/client_registry.h"
#include "operators/internal/json_body.h"
#include "storage/database.h"

namespace hutong::operators {

/// GET /api/v1/clients
class ListClients {
 public:
  using Input = PageRequest;
  struct Output {
    std::vector<ApiClient> items;
    std::string next;
  };
  explicit ListClients(const storage::Database& database) : database_(&database) {}
  static Result<Input> parse(const net::Request& request) { return page_request(request); }
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const storage::Database* database_;
};

/// POST /api/v1/clients
class AddClient {
 public:
  using Input = NewClient;
  using Output = AddedClient;
  explicit AddClient(const ClientRegistry& registry) : registry_(&registry) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const ClientRegistry* registry_;
};

/// PUT /api/v1/clients/{id}
class ChangeClient {
 public:
  using Input = ClientChange;
  using Output = ApiClient;
  explicit ChangeClient(const ClientRegistry& registry) : registry_(&registry) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const ClientRegistry* registry_;
};

/// POST /api/v1/clients/{id}/retirement
class RetireClient {
 public:
  using Input = ClientChange;
  using Output = ApiClient;
  explicit RetireClient(const ClientRegistry& registry) : registry_(&registry) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output) { return ChangeClient::render(output); }

 private:
  const ClientRegistry* registry_;
};

}  // namespace hutong::operators
