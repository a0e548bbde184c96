#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/result.h"
#include "storage/error.h"

namespace hutong::storage {

/// At most `most` connections, made when first needed and used again, the warmest first. Thread-safe. The
/// pool outlives its leases.
template <typename Connection>
class Pool {
 public:
  using Make = std::function<Result<std::unique_ptr<Connection>>()>;
  Pool(std::size_t most, std::chrono::milliseconds patience, Make make)
      : most_(most), patience_(patience), make_(std::move(make)) {}

  /// One connection for one thread; goes back when destroyed unless it is no longer usable().
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_ != nullptr) {
        pool_->give_back(std::move(connection_));
      }
    }
    Connection* operator->() const { return connection_.get(); }
    Connection& operator*() const { return *connection_; }
    /// A new connection in place of a broken one.
    Status renew() {
      connection_.reset();
      HUTONG_TRY(connection_, pool_->make_());
      return ok();
    }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  /// "storage.busy" when none becomes free in time, or the reason why none could be made.
  Result<Lease> take() {
    {
      std::unique_lock lock(mutex_);
      if (!freed_.wait_for(lock, patience_, [this] { return lent_ < most_; })) {
        return Error{Errc::kUnavailable, reason::kBusy, "all connections to the database are in use"};
      }
      ++lent_;
      if (!idle_.empty()) {
        Lease lease(*this, std::move(idle_.back()));
        idle_.pop_back();
        return lease;
      }
    }
    Lease lease(*this, nullptr);
    HUTONG_CHECK(lease.renew());
    return lease;
  }

 private:
  void give_back(std::unique_ptr<Connection> connection) {
    {
      const std::lock_guard lock(mutex_);
      --lent_;
      if (connection && connection->usable()) {
        idle_.push_back(std::move(connection));
      }
    }
    freed_.notify_one();
  }

  const std::size_t most_;
  const std::chrono::milliseconds patience_;
  const Make make_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t lent_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace hutong::storage
