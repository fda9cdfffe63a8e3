// What is refused before anything is written, and what an output may be: one clear line, nothing left, no
// input harmed.
#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "program.hpp"
#include "test_files.hpp"

namespace checkpoint_test {
namespace {

std::string floats(std::size_t n) {
  return one_tensor("F32", "[1," + std::to_string(n) + ']', std::string(4 * n, '\x3F'));
}

/// One line, status 1, and these words.
void expect_refused(const outcome& result, const std::string& words) {
  EXPECT_EQ(result.status, 1) << words;
  EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
}

std::string little_endian(std::uint64_t value, std::size_t bytes) {
  std::string text(bytes, '\0');
  std::memcpy(text.data(), &value, bytes);
  return text;
}

/// A GGUF file of one tensor of that type.
std::string gguf_of_type(std::uint32_t type) {
  const auto named = [](const std::string& text) { return little_endian(text.size(), 8) + text; };
  std::string bytes = "GGUF" + little_endian(3, 4) + little_endian(1, 8) + little_endian(1, 8) +
                      named("general.architecture") + little_endian(8, 4) + named("llama") + named("w") +
                      little_endian(1, 4) + little_endian(256, 8) + little_endian(type, 4) +
                      little_endian(0, 8);
  bytes.resize((bytes.size() + 31) / 32 * 32 + 4096);
  return bytes;
}

TEST(Refusals, FilesOfOtherKindsAreNamed) {
  const folder scratch;
  const struct {
    const char* name;
    std::string bytes;
    const char* words;
  } files[] = {
      {"k.gguf", gguf_of_type(19), "tensor 'w': is of GGUF type IQ1_S, which this program does not read"},
      {"u.gguf", gguf_of_type(99), "tensor 'w': is of GGUF type 99, which this program does not read"},
      {"m.pt", std::string("\x80\x02}q\0X\1\0\0\0", 10), "m.pt: is a Python pickle"},
      {"l.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"},
      {"h.safetensors", "<!DOCTYPE html><html></html>", "is a page of the web"},
      {"e.safetensors", "", "is empty"},
  };
  for (const auto& each : files) {
    const std::string in = scratch.file(each.name, each.bytes);
    expect_refused(run({"convert", in, scratch.path("out"), "--to", "bf16"}), each.words);
    expect_refused(inspect({in}), each.words);
    EXPECT_FALSE(std::filesystem::exists(scratch.path("out")));
  }
  std::filesystem::create_directory(scratch.path("model"));
  scratch.file("model/pytorch_model.bin", std::string("PK\3\4", 4));
  expect_refused(inspect({scratch.path("model")}), "pytorch_model.bin: is a Python pickle");
}

TEST(Refusals, NoTableOrChartReplacesAnInput) {
  const folder scratch;
  const std::string in = scratch.file("m.safetensors", floats(64));
  const std::string before = contents(in);
  const std::string link = scratch.path("link");
  ASSERT_EQ(0, ::symlink("m.safetensors", link.c_str()));
  for (const std::string& out : {in, link}) {
    for (const char* option : {"--csv", "--json", "--svg"}) {
      expect_refused(inspect({in, option, out}), "is an input as well; name another output");
    }
    expect_refused(run({"compare", in, in, "--csv", out}), "is an input as well");
    expect_refused(run({"convert", in, scratch.path("o"), "--to", "bf16", "--json", out}),
                   "is an input as well");
  }
  const std::string other = scratch.file("n.safetensors", floats(32));
  expect_refused(inspect({in, other, "--write", other}), "is one of several inputs");
  EXPECT_EQ(contents(in), before);
  EXPECT_EQ(contents(other), floats(32));
  EXPECT_EQ(scratch.names(), (std::vector<std::string>{"link", "m.safetensors", "n.safetensors"}));
}

TEST(Outputs, ThatCannotBeMadeLeaveNothing) {
  const folder scratch;
  const std::string in = scratch.file("m.safetensors", floats(64));
  ASSERT_EQ(0, ::symlink("loop", scratch.path("loop").c_str()));
  ASSERT_EQ(0, ::symlink("missing/file", scratch.path("dangling").c_str()));
  expect_refused(run({"convert", in, scratch.path("missing/out"), "--to", "bf16"}), "No such file");
  expect_refused(run({"convert", in, scratch.path("missing/out/"), "--to", "bf16"}), "cannot be made");
  expect_refused(run({"convert", in, scratch.path("loop"), "--to", "bf16"}), "symbolic links");
  expect_refused(run({"convert", in, scratch.path("dangling"), "--to", "bf16"}), "cannot be written");
  expect_refused(run({"convert", in, "/dev/full", "--to", "bf16"}), "No space left on device");
  EXPECT_EQ(scratch.names(), (std::vector<std::string>{"dangling", "loop", "m.safetensors"}));
  EXPECT_TRUE(std::filesystem::is_symlink(scratch.path("loop")));
}

TEST(Outputs, FoldersThatMayNotBeWrittenAreRefused) {
  const folder scratch;
  const std::string in = scratch.file("m.safetensors", floats(64));
  ASSERT_EQ(0, ::chmod(in.c_str(), 0644));
  const std::string old = scratch.file("old", "old");
  ASSERT_EQ(0, ::chmod(old.c_str(), 0444));
  // The program is copied: folders that lead to the built one may be closed to others.
  const std::string program = scratch.file("program", contents(CHECKPOINT_PROGRAM));
  ASSERT_EQ(0, ::chmod(program.c_str(), 0755));
  ASSERT_EQ(0, ::chmod(scratch.root().c_str(), 0555));
  for (const char* out : {"new", "new/", "old"}) {
    const pid_t child = ::fork();
    if (child == 0) {
      // Root may write anywhere; others are tested as themselves.
      if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) {
        std::_Exit(126);
      }
      ::close(STDERR_FILENO);
      ::close(STDOUT_FILENO);
      const std::string path = scratch.path(out);
      ::execl(program.c_str(), "checkpoint", "convert", in.c_str(), path.c_str(), "--to", "bf16", nullptr);
      std::_Exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << out << ": " << status;
  }
  ASSERT_EQ(0, ::chmod(scratch.root().c_str(), 0755));
  EXPECT_EQ(contents(old), "old");
  EXPECT_EQ(scratch.names(), (std::vector<std::string>{"m.safetensors", "old", "program"}));
}

TEST(Outputs, StandardOutputHasNothingButTheOutput) {
  const folder scratch;
  const std::string in = scratch.file("m.safetensors", floats(64));
  const outcome streamed = run({"convert", in, "/dev/stdout", "--to", "bf16"});
  EXPECT_EQ(streamed.status, 0) << streamed.err;
  ASSERT_EQ(run({"convert", in, scratch.path("out"), "--to", "bf16"}).status, 0);
  EXPECT_EQ(streamed.out, contents(scratch.path("out")));
  EXPECT_NE(streamed.err.find("wrote /dev/stdout: 1 to bf16"), std::string::npos) << streamed.err;
  const outcome table = inspect({in, "--formats", "bfloat16", "--csv", "/dev/stdout"});
  EXPECT_EQ(table.out.find("scope,tensor,dtype"), 0U) << table.out;
}

TEST(Outputs, APipeGetsTheBytesAndStays) {
  const folder scratch;
  const std::string in = scratch.file("m.safetensors", floats(64));
  const std::string pipe = scratch.path("pipe");
  ASSERT_EQ(0, ::mkfifo(pipe.c_str(), 0600));
  const int end = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(end, 0);
  ASSERT_EQ(run({"convert", in, pipe, "--to", "bf16"}).status, 0);
  std::string got(4096, '\0');
  const ssize_t n = ::read(end, got.data(), got.size());
  ::close(end);
  ASSERT_GT(n, 0);
  got.resize(static_cast<std::size_t>(n));
  ASSERT_EQ(run({"convert", in, scratch.path("out"), "--to", "bf16"}).status, 0);
  EXPECT_EQ(got, contents(scratch.path("out")));
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

/// The sizes of an output, a file or the files of a folder.
std::map<std::string, std::uintmax_t> sizes_of(const std::string& path) {
  if (!std::filesystem::is_directory(path)) {
    return {{"", std::filesystem::file_size(path)}};
  }
  std::map<std::string, std::uintmax_t> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    files[entry.path().filename()] = entry.file_size();
  }
  return files;
}

/// Nothing, or, where they come after the last file is in its place, everything.
TEST(Signals, LeaveNothingOrAllWheneverTheyCome) {
  const folder scratch;
  const std::string in = scratch.file(
      "m.safetensors", one_tensor("BF16", "[2048,2048]", std::string(std::size_t{8} << 20, '\x3F')));
  const folder undisturbed;
  std::map<std::string, std::uintmax_t> whole[2];
  for (const bool is_folder : {false, true}) {
    const std::string out = undisturbed.path(is_folder ? "folder/" : "file");
    const outcome converted =
        run({"convert", in, out, "--to", "nvfp4", "--layout", "plain", "--shard-size", "1000000"});
    ASSERT_EQ(converted.status, 0) << converted.err;
    whole[is_folder ? 1 : 0] = sizes_of(out);
  }
  std::uint32_t state = 12345;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    for (int i = 0; i < 12; ++i) {
      state = state * 1664525 + 1013904223;
      const std::string out = scratch.path(i % 2 == 0 ? "out" : "out/");
      const pid_t child = ::fork();
      if (child == 0) {
        const int nowhere = ::open("/dev/null", O_WRONLY);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
        ::execl(CHECKPOINT_PROGRAM, "checkpoint", "convert", in.c_str(), out.c_str(), "--to", "nvfp4",
                "--layout", "plain", "--shard-size", "1000000", nullptr);
        std::_Exit(127);
      }
      ::usleep(state >> 16);  // up to 65 ms
      ::kill(child, signal);
      int status = 0;
      ::waitpid(child, &status, 0);
      if (WIFEXITED(status)) {
        EXPECT_EQ(WEXITSTATUS(status), 0);
        EXPECT_EQ(scratch.names(), (std::vector<std::string>{"m.safetensors", "out"}));
      } else {
        EXPECT_EQ(WTERMSIG(status), signal);
        if (scratch.names().size() != 1) {
          EXPECT_EQ(scratch.names(), (std::vector<std::string>{"m.safetensors", "out"}))
              << out << ", try " << i;
          EXPECT_EQ(sizes_of(scratch.path("out")), whole[i % 2]) << out << ", try " << i;
        }
      }
      std::filesystem::remove_all(scratch.path("out"));
    }
  }
}

}  // namespace
}  // namespace checkpoint_test
