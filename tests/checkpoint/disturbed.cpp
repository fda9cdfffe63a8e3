#include "disturbed.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <fstream>

#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "test_files.hpp"

namespace checkpoint_test {

namespace {

#if defined(__linux__) && defined(__x86_64__)
#define CHECKPOINT_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__linux__) && defined(__aarch64__)
#define CHECKPOINT_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

/// Has openat with O_TMPFILE fail from here on, in this process and what it becomes.
bool forbid_unnamed_files() noexcept {
#ifdef CHECKPOINT_AUDIT_ARCH
  // O_TMPFILE without O_DIRECTORY, which it contains.
  constexpr unsigned tmpfile_bit = static_cast<unsigned>(O_TMPFILE) & ~static_cast<unsigned>(O_DIRECTORY);
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CHECKPOINT_AUDIT_ARCH, 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),  // its low half, little-endian
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, tmpfile_bit, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{sizeof program / sizeof program[0], program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
#else
  return false;
#endif
}

/// Becomes the program; runs in the child.
[[noreturn]] void become(const std::vector<std::string>& arguments) {
  std::string program = CHECKPOINT_PROGRAM;
  std::vector<std::string> copies = arguments;
  std::vector<char*> words = {program.data()};
  for (std::string& word : copies) {
    words.push_back(word.data());
  }
  words.push_back(nullptr);
  ::execv(program.c_str(), words.data());
  std::_Exit(127);
}

int exit_status(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

bool can_lack_unnamed_files() noexcept {
  const pid_t child = ::fork();
  if (child == 0) {
    std::_Exit(forbid_unnamed_files() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return exit_status(status) == 0;
}

int run_disturbed(const std::vector<std::string>& arguments, const disturbance& how, std::string* err) {
  const folder scratch;
  const std::string err_path = scratch.file("err", "");
  const int err_file = ::open(err_path.c_str(), O_WRONLY);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::open(how.standard_output, O_WRONLY), STDOUT_FILENO);
    ::dup2(err_file, STDERR_FILENO);
    if (how.most_file_bytes != 0) {
      const rlimit limit{how.most_file_bytes, how.most_file_bytes};
      ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    if (how.most_files != 0) {
      const rlimit limit{how.most_files, how.most_files};
      ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (how.user != 0 && (::setgid(how.user) != 0 || ::setuid(how.user) != 0)) {
      std::_Exit(126);
    }
    if (how.without_unnamed_files && !forbid_unnamed_files()) {
      std::_Exit(126);
    }
    become(arguments);
  }
  ::close(err_file);
  if (how.signal != 0) {
    ::usleep(how.after);
    ::kill(child, how.signal);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (err != nullptr) {
    *err = contents(err_path);
  }
  return exit_status(status);
}

usage measured_run(const std::vector<std::string>& arguments) {
  usage result;
#ifdef __GLIBC__
  ::malloc_trim(0);  // the peak of a child begins with what this process has
#endif
  const pid_t child = ::fork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    become(arguments);
  }
  // What has ended and is not yet waited for can still be asked what it read.
  siginfo_t ended{};
  ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
  std::ifstream io("/proc/" + std::to_string(child) + "/io");
  for (std::string word; io >> word;) {
    if (word == "rchar:") {
      io >> result.read_bytes;
    }
  }
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  result.status = exit_status(status);
  result.peak_kib = used.ru_maxrss;
  return result;
}

}  // namespace checkpoint_test
