#pragma once

namespace hutong::token::host {

/// Takes from this process, for good, what no driver needs, as far as the system allows: no new privileges,
/// no core dumps and no debugger (PINs pass through), bounds on memory, files and their sizes, and a filter
/// that denies starting programs, other processes, mounts, kernel modules, namespaces, BPF and the like
/// (EPERM, so that a driver that tries goes on). Files, sockets and USB devices stay open to it. Call before
/// the first thread and before loading the driver. What the system does not offer is left out.
void confine();

}  // namespace hutong::token::host
