#include "token/driver/internal/confine.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hutong::token::host {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kMapsTerabytes = true;
#elif defined(__has_feature)
constexpr bool kMapsTerabytes = __has_feature(address_sanitizer);
#else
constexpr bool kMapsTerabytes = false;
#endif

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#elif defined(__loongarch64)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_LOONGARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;  // no filter
#endif
constexpr std::uint32_t kX32Bit = 0x40000000;  // the other numbering on x86-64

/// Denied whatever their arguments.
constexpr std::array kDenied{
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kill,
    SYS_tkill,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_swapon,
    SYS_swapoff,
    SYS_reboot,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    SYS_unshare,
    SYS_setns,
    SYS_open_by_handle_at,
    SYS_name_to_handle_at,
    SYS_acct,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_adjtimex,
    SYS_clock_adjtime,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_quotactl,
    SYS_personality,
    SYS_kcmp,
    SYS_fanotify_init,
    SYS_syslog,
    SYS_vhangup,
    SYS_move_mount,
    SYS_open_tree,
    SYS_fsopen,
    SYS_fsmount,
    SYS_fsconfig,
    SYS_fspick,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_pidfd_send_signal,
#ifdef SYS_pidfd_getfd
    SYS_pidfd_getfd,
#endif
#ifdef SYS_fork
    SYS_fork,
    SYS_vfork,
#endif
#ifdef SYS_iopl
    SYS_iopl,
    SYS_ioperm,
#endif
};

sock_filter statement(unsigned code, std::uint32_t value) {
  return {static_cast<std::uint16_t>(code), 0, 0, value};
}
sock_filter jump(unsigned code, std::uint32_t value, std::uint8_t if_true, std::uint8_t if_false) {
  return {static_cast<std::uint16_t>(code), if_true, if_false, value};
}
sock_filter load(std::size_t offset) {
  return statement(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
sock_filter answer_error(int error) {
  return statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error));
}

/// Threads may be made, processes may not: clone without CLONE_THREAD is denied, and clone3, whose flags are
/// out of the filter's sight, does not exist (the C library then uses clone). Signals go to ourselves only.
std::vector<sock_filter> make_filter() {
  constexpr unsigned kEqual = BPF_JMP | BPF_JEQ | BPF_K;
  std::vector<sock_filter> filter{
      load(offsetof(seccomp_data, arch)),
      jump(kEqual, kArchitecture, 1, 0),
      statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      load(offsetof(seccomp_data, nr)),
      jump(BPF_JMP | BPF_JGE | BPF_K, kX32Bit, 0, 1),
      answer_error(EPERM),
  };
  for (const long denied : kDenied) {
    filter.push_back(jump(kEqual, static_cast<std::uint32_t>(denied), 0, 1));
    filter.push_back(answer_error(EPERM));
  }
  filter.push_back(jump(kEqual, SYS_clone3, 0, 1));
  filter.push_back(answer_error(ENOSYS));
  filter.push_back(jump(kEqual, SYS_clone, 0, 4));
  filter.push_back(load(offsetof(seccomp_data, args)));
  filter.push_back(jump(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1));
  filter.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  filter.push_back(answer_error(EPERM));
  filter.push_back(jump(kEqual, SYS_tgkill, 0, 3));
  filter.push_back(load(offsetof(seccomp_data, args)));
  filter.push_back(jump(kEqual, static_cast<std::uint32_t>(::getpid()), 1, 0));
  filter.push_back(answer_error(EPERM));
  filter.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  return filter;
}

void bound(__rlimit_resource_t resource, rlim_t most) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) == 0) {
    limit.rlim_max = limit.rlim_max < most ? limit.rlim_max : most;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(resource, &limit);
  }
}

}  // namespace

void confine() {
  constexpr rlim_t kMostOpen = 256;
  constexpr rlim_t kMostFile = rlim_t{256} << 20;
  bound(RLIMIT_CORE, 0);
  bound(RLIMIT_NOFILE, kMostOpen);
  bound(RLIMIT_FSIZE, kMostFile);
  constexpr rlim_t kMostData = rlim_t{1} << 30;
  if (!kMapsTerabytes) {
    bound(RLIMIT_DATA, kMostData);
  }
  ::prctl(PR_SET_DUMPABLE, 0);
  if (kArchitecture == 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return;
  }
  std::vector<sock_filter> filter = make_filter();
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

}  // namespace hutong::token::host
