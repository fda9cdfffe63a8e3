#include "program.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "test_files.hpp"

namespace checkpoint_test {

namespace {

/// Replaces this process by the program; runs in the child.
[[noreturn]] void become_program(const std::vector<std::string>& arguments, int out, int err) {
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  std::vector<char*> words;
  std::string program = CHECKPOINT_PROGRAM;
  words.push_back(program.data());
  std::vector<std::string> copies = arguments;
  for (std::string& word : copies) {
    words.push_back(word.data());
  }
  words.push_back(nullptr);
  ::execv(program.c_str(), words.data());
  std::_Exit(127);
}

outcome waited(pid_t child) {
  outcome result;
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.peak_kib = used.ru_maxrss;
  return result;
}

std::vector<std::string> csv_fields(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

}  // namespace

outcome run(const std::vector<std::string>& arguments) {
  const folder scratch;
  const std::string out_path = scratch.path("out");
  const std::string err_path = scratch.path("err");
  const pid_t child = ::fork();
  if (child == 0) {
    become_program(arguments, ::open(out_path.c_str(), O_WRONLY | O_CREAT, 0600),
                   ::open(err_path.c_str(), O_WRONLY | O_CREAT, 0600));
  }
  outcome result = waited(child);
  result.out = contents(out_path);
  result.err = contents(err_path);
  return result;
}

outcome inspect(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "inspect");
  return run(arguments);
}

outcome run_on_terminal(const std::vector<std::string>& arguments) {
  const folder scratch;
  const std::string out_path = scratch.path("out");
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  EXPECT_GE(master, 0);
  EXPECT_EQ(0, ::grantpt(master) | ::unlockpt(master));
  const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(master);
    become_program(arguments, ::open(out_path.c_str(), O_WRONLY | O_CREAT, 0600), terminal);
  }
  ::close(terminal);
  std::string seen;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(master, buffer, sizeof buffer)) > 0;) {
    seen.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(master);
  outcome result = waited(child);
  result.out = contents(out_path);
  result.err = seen;
  return result;
}

std::map<std::string, csv_line> measured(const std::string& file, std::vector<std::string> arguments) {
  const folder scratch;
  const std::string csv = scratch.path("report.csv");
  arguments.insert(arguments.end(), {file, "--csv", csv});
  const outcome result = inspect(arguments);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  std::map<std::string, csv_line> lines;
  std::istringstream text(contents(csv));
  std::string line;
  std::getline(text, line);
  EXPECT_EQ(line,
            "scope,tensor,dtype,shape,values,format,bits_per_value,snr_db,saturated,flushed,chosen,bytes");
  while (std::getline(text, line)) {
    const std::vector<std::string> f = csv_fields(line);
    if (f.size() != 12) {
      ADD_FAILURE() << "a CSV line with " << f.size() << " fields: " << line;
      continue;
    }
    lines[f[1] + '/' + f[5]] = {f[2],
                                f[3],
                                f[4],
                                std::stod(f[6]),
                                std::stod(f[7]),
                                std::stol(f[8]),
                                std::stol(f[9]),
                                f[10] == "1",
                                std::stol(f[11])};
  }
  return lines;
}

}  // namespace checkpoint_test
