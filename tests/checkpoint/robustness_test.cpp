// What must hold whatever happens: nothing is left by runs that end early, what is no regular file is written
// to, and memory does not grow with the file.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "../support/stored_zip.hpp"
#include "disturbed.hpp"
#include "models.hpp"
#include "test_files.hpp"

namespace checkpoint_test {
namespace {

namespace fs = std::filesystem;

/// Everything below a folder, with what regular files hold.
std::vector<std::string> everything_in(const std::string& root) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    found.push_back(entry.path().string() + (entry.is_regular_file() ? ":" + contents(entry.path()) : ""));
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// A BF16 matrix of that many rows of 2048, and a vector.
std::string matrix_file(const folder& scratch, const char* name, std::size_t rows) {
  const std::size_t bytes = rows * 4096;
  const std::string header = R"({"a.weight":{"dtype":"BF16","shape":[)" + std::to_string(rows) +
                             R"(,2048],"data_offsets":[0,)" + std::to_string(bytes) +
                             R"(]},"n":{"dtype":"F32","shape":[1],"data_offsets":[)" + std::to_string(bytes) +
                             "," + std::to_string(bytes + 4) + "]}}";
  return scratch.file(name, safetensors(header, std::string(bytes + 4, '\x3F')));
}

struct interrupted {
  const char* name;
  std::vector<std::string> words;  ///< IN and OUT stand for the input and the folder's path of the output
  bool without_unnamed_files;
};

void PrintTo(const interrupted& tested, std::ostream* out) { *out << tested.name; }

class Interrupted : public ::testing::TestWithParam<interrupted> {};

/// What regular files below a folder hold, by their place in it.
std::map<std::string, std::string> files_in(const std::string& root) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) {
      found[fs::relative(entry.path(), root)] = contents(entry.path());
    }
  }
  return found;
}

// At random moments, others in each run: whoever sees it fail is told the seed. A file is then as it was or
// as a whole run makes it, a folder too; a signal that comes while a name is given waits until that is done.
TEST_P(Interrupted, LeavesNothingThatIsNotWhole) {
  if (GetParam().without_unnamed_files && !can_lack_unnamed_files()) {
    GTEST_SKIP() << "no filter of system calls here";
  }
  const folder scratch;
  const std::string in = matrix_file(scratch, "in.safetensors", 2048);
  const std::string before = "what was there";
  disturbance how;
  how.without_unnamed_files = GetParam().without_unnamed_files;
  const auto run_in = [&](const std::string& place, std::string* err) {
    fs::create_directory(place);
    std::ofstream(place + "/old.safetensors") << before;
    std::vector<std::string> words = GetParam().words;
    for (std::string& word : words) {
      if (word == "IN") {
        word = in;
      } else if (const std::size_t at = word.find("OUT"); at != word.npos) {
        word.replace(at, 3, place);
      }
    }
    return run_disturbed(words, how, err);
  };
  const auto begin = std::chrono::steady_clock::now();
  std::string err;
  ASSERT_EQ(run_in(scratch.path("whole"), &err), 0) << err;
  const auto took =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  const std::map<std::string, std::string> whole = files_in(scratch.path("whole"));
  fs::remove_all(scratch.path("whole"));
  const std::uint64_t seed = std::random_device()();
  std::mt19937_64 random(seed);
  constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};
  int ended = 0;
  for (int i = 0; i < 24; ++i) {
    const std::string place = scratch.path("run" + std::to_string(i));
    how.signal = signals[i % 3];
    how.after = static_cast<useconds_t>(random() % static_cast<std::uint64_t>(took.count() * 9 / 8 + 1));
    const int status = run_in(place, nullptr);
    SCOPED_TRACE("after " + std::to_string(how.after) + " of " + std::to_string(took.count()) + " us, seed " +
                 std::to_string(seed));
    const std::map<std::string, std::string> left = files_in(place);
    EXPECT_TRUE(status == 0 || status == 128 + how.signal) << status;
    ended += status != 0 ? 1 : 0;
    EXPECT_EQ(left.count("old.safetensors"), 1U);
    std::size_t of_a_folder = 0;
    for (const auto& [name, bytes] : left) {
      const bool is_old = name == "old.safetensors" && bytes == before;
      EXPECT_TRUE(is_old || (whole.count(name) == 1 && whole.at(name) == bytes))
          << name << " is left, with " << bytes.size() << " bytes";
      of_a_folder += name.find('/') != name.npos ? 1U : 0U;
    }
    EXPECT_TRUE(of_a_folder == 0 || left.size() == whole.size()) << "a part of a folder is left";
    EXPECT_EQ(fs::exists(place + "/model"), of_a_folder != 0) << "an empty folder is left";
    fs::remove_all(place);
  }
  EXPECT_GT(ended, 0) << "no run was interrupted";
  EXPECT_EQ(scratch.names(), (std::vector<std::string>{"in.safetensors"}));
}

INSTANTIATE_TEST_SUITE_P(
    All, Interrupted,
    ::testing::Values(
        interrupted{"ANewFile", {"convert", "IN", "OUT/new.safetensors", "--to", "f32"}, false},
        interrupted{"AFileThatIsReplaced",
                    {"convert", "IN", "OUT/old.safetensors", "--to", "fp8", "--layout", "plain"},
                    false},
        interrupted{"AFolder", {"convert", "IN", "OUT/model/", "--to", "nvfp4"}, false},
        interrupted{"Shards", {"convert", "IN", "OUT/model/", "--to", "f32", "--shard-size", "4000"}, false},
        interrupted{"Gguf", {"convert", "IN", "OUT/new.gguf", "--to", "q8_0"}, false},
        interrupted{"Inspection",
                    {"inspect", "IN", "--formats", "fp8_e4m3", "--write", "OUT/new.safetensors", "--csv",
                     "OUT/new.csv"},
                    false},
        interrupted{"ANewFileThatNeedsAName", {"convert", "IN", "OUT/new.safetensors", "--to", "f32"}, true},
        interrupted{
            "AReplacedFileThatNeedsAName", {"convert", "IN", "OUT/old.safetensors", "--to", "f32"}, true},
        interrupted{"AFolderWhoseFilesNeedNames",
                    {"convert", "IN", "OUT/model/", "--to", "f32", "--shard-size", "4000"},
                    true}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Limits, AFileSystemThatIsFullLeavesNothing) {
  const folder scratch;
  const std::string in = matrix_file(scratch, "in.safetensors", 512);
  const std::string old = scratch.file("old.safetensors", "old");
  const std::vector<std::string> left = everything_in(scratch.root());
  for (const bool named : {false, true}) {
    if (named && !can_lack_unnamed_files()) {
      continue;
    }
    for (const std::string& out :
         {scratch.path("new.safetensors"), old, scratch.path("model/"), scratch.path("new.gguf")}) {
      disturbance how;
      how.most_file_bytes = 1 << 20;
      how.without_unnamed_files = named;
      std::string err;
      EXPECT_EQ(run_disturbed({"convert", in, out, "--to", "f32"}, how, &err), 1) << out;
      EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
      EXPECT_NE(err.find("File too large"), std::string::npos) << err;
      EXPECT_EQ(everything_in(scratch.root()), left) << out;
    }
  }
}

TEST(Devices, ThatAreFullOrTakeEverything) {
  const folder scratch;
  const std::string source = golden("source_bf16.safetensors");
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"convert", source, "/dev/full", "--to", "f32"},
                                             {"inspect", source, "--write", "/dev/full", "--min-snr", "5"},
                                             {"inspect", source, "--csv", "/dev/full"},
                                             {"inspect", source, "--json", "/dev/full"},
                                             {"inspect", source, "--svg", "/dev/full"}}) {
    std::string err;
    EXPECT_EQ(run_disturbed(words, {}, &err), 1) << words[2];
    EXPECT_NE(err.find("/dev/full: cannot be written: No space left on device\n"), std::string::npos) << err;
    std::vector<std::string> to_null = words;
    std::replace(to_null.begin(), to_null.end(), std::string("/dev/full"), std::string("/dev/null"));
    EXPECT_EQ(run_disturbed(to_null, {}, &err), 0) << err;
  }
  // Standard output that is full is an error as well.
  disturbance how;
  how.standard_output = "/dev/full";
  std::string err;
  EXPECT_EQ(run_disturbed({"inspect", source}, how, &err), 1);
  EXPECT_EQ(err, "checkpoint: standard output: cannot be written\n");
  struct stat null {};
  ASSERT_EQ(0, ::stat("/dev/null", &null));
  EXPECT_TRUE(S_ISCHR(null.st_mode));
}

TEST(Devices, APipeGetsTheBytesOfAFile) {
  const folder scratch;
  const std::string in = matrix_file(scratch, "in.safetensors", 64);
  const std::string file = scratch.path("file.safetensors");
  ASSERT_EQ(convert({in, file, "--to", "f32"}).status, 0);
  const std::string pipe = scratch.path("pipe");
  ASSERT_EQ(0, ::mkfifo(pipe.c_str(), 0600));
  std::string received;
  std::thread reader([&] { received = contents(pipe); });
  const outcome result = convert({in, pipe, "--to", "f32"});
  reader.join();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(received == contents(file));
  struct stat status {};
  ASSERT_EQ(0, ::stat(pipe.c_str(), &status));
  EXPECT_TRUE(S_ISFIFO(status.st_mode));
}

TEST(Devices, APipeThatIsClosedIsAnError) {
  const folder scratch;
  const std::string in = matrix_file(scratch, "in.safetensors", 512);
  const std::string pipe = scratch.path("pipe");
  ASSERT_EQ(0, ::mkfifo(pipe.c_str(), 0600));
  std::thread reader([&] {
    const int descriptor = ::open(pipe.c_str(), O_RDONLY);
    char byte = 0;
    EXPECT_EQ(::read(descriptor, &byte, 1), 1);
    ::close(descriptor);
  });
  const outcome result = convert({in, pipe, "--to", "f32"});
  reader.join();
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("pipe: cannot be written: Broken pipe\n"), std::string::npos) << result.err;
}

TEST(Devices, StandardOutputGetsTheFileAndNothingElse) {
  const folder scratch;
  const std::string source = golden("source_bf16.safetensors");
  const std::string file = scratch.path("file.safetensors");
  ASSERT_EQ(convert({source, file, "--to", "f32"}).status, 0);
  const outcome result = convert({source, "/dev/stdout", "--to", "f32"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(result.out == contents(file)) << result.out.size() << " bytes for " << contents(file).size();
}

TEST(Links, AreFollowedToWhereTheyLead) {
  const folder scratch;
  const std::string source = golden("source_bf16.safetensors");
  ASSERT_EQ(0, ::symlink("second", scratch.path("first").c_str()));
  ASSERT_EQ(0, ::symlink("not-there-yet", scratch.path("second").c_str()));
  EXPECT_EQ(convert({source, scratch.path("first"), "--to", "f32"}).status, 0);
  EXPECT_TRUE(fs::is_symlink(scratch.path("first")) && fs::is_symlink(scratch.path("second")));
  EXPECT_EQ(run({"compare", source, scratch.path("not-there-yet")}).status, 0);
  ASSERT_EQ(0, ::symlink("/dev/null", scratch.path("null").c_str()));
  EXPECT_EQ(convert({source, scratch.path("null"), "--to", "f32"}).status, 0);
  EXPECT_TRUE(fs::is_symlink(scratch.path("null")));
  ASSERT_EQ(0, ::symlink("loop", scratch.path("loop").c_str()));
  const outcome loop = convert({source, scratch.path("loop"), "--to", "f32"});
  EXPECT_EQ(loop.status, 1);
  EXPECT_EQ(std::count(loop.err.begin(), loop.err.end(), '\n'), 1) << loop.err;
  EXPECT_EQ(scratch.names(), (std::vector<std::string>{"first", "loop", "not-there-yet", "null", "second"}));
}

TEST(Links, ToAnInputAreThatInput) {
  const folder scratch;
  const std::string model = scratch.path("model");
  ASSERT_EQ(convert({golden("ct_mxfp8"), model, "--to", "bf16", "--shard-size", "2000"}).status, 0);
  const std::vector<std::string> left = everything_in(model);
  const std::string link = scratch.path("link.safetensors");
  ASSERT_EQ(0, ::symlink("model/model-00002-of-00004.safetensors", link.c_str()));
  const outcome result = convert({model, link, "--to", "f32", "--include", "*"});
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("is an input as well"), std::string::npos) << result.err;
  EXPECT_EQ(everything_in(model), left);
}

/// A user without rights: where the tests run as root, who may do anything, the program runs as this one.
constexpr uid_t nobody = 65534;

TEST(Rights, AFolderThatIsReadOnlyIsSaidInOneLine) {
  const folder scratch;
  ASSERT_EQ(0, ::chmod(scratch.root().c_str(), 0755));
  const std::string in = scratch.file("in.safetensors", contents(golden("source_bf16.safetensors")));
  ASSERT_EQ(0, ::chmod(in.c_str(), 0644));
  ASSERT_EQ(0, ::mkdir(scratch.path("closed").c_str(), 0755));
  ASSERT_EQ(0, ::chmod(scratch.path("closed").c_str(), 0555));
  disturbance how;
  how.user = ::getuid() == 0 ? nobody : 0;
  for (const char* out : {"closed/new.safetensors", "closed/model/", "closed/new.gguf"}) {
    std::string err;
    EXPECT_EQ(run_disturbed({"convert", in, scratch.path(out), "--to", "f32"}, how, &err), 1) << out;
    EXPECT_NE(err.find(": Permission denied\n"), std::string::npos) << err;
    EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
  }
  EXPECT_TRUE(fs::is_empty(scratch.path("closed")));
}

TEST(Rights, AFileOfAnotherUserIsLeftAlone) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs root, to be two users";
  }
  const folder scratch;
  ASSERT_EQ(0, ::chmod(scratch.root().c_str(), 0777));
  const std::string in = scratch.file("in.safetensors", contents(golden("source_bf16.safetensors")));
  ASSERT_EQ(0, ::chmod(in.c_str(), 0644));
  const std::string other = scratch.file("other.safetensors", "of root");
  ASSERT_EQ(0, ::chmod(other.c_str(), 0644));
  const std::string secret = scratch.file("secret.safetensors", contents(in));
  ASSERT_EQ(0, ::chmod(secret.c_str(), 0600));
  disturbance how;
  how.user = nobody;
  std::string err;
  EXPECT_EQ(run_disturbed({"convert", in, other, "--to", "f32"}, how, &err), 1);
  EXPECT_NE(err.find("other.safetensors: cannot be written: Permission denied\n"), std::string::npos) << err;
  EXPECT_EQ(contents(other), "of root");
  EXPECT_EQ(run_disturbed({"inspect", secret}, how, &err), 1);
  EXPECT_NE(err.find("secret.safetensors: cannot be opened: Permission denied\n"), std::string::npos) << err;
  // And the other user may write beside them; the file is that user's, with the rights that umask leaves.
  EXPECT_EQ(run_disturbed({"convert", in, scratch.path("new.safetensors"), "--to", "f32"}, how, &err), 0)
      << err;
  struct stat status {};
  ASSERT_EQ(0, ::stat(scratch.path("new.safetensors").c_str(), &status));
  EXPECT_EQ(status.st_uid, nobody);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  EXPECT_EQ(status.st_mode & 0777U, 0666U & ~mask);
}

/// A sparse file: `data` bytes of zeros behind a header, of which the last are `tail`.
std::string sparse_file(const folder& scratch, const std::string& header, std::uint64_t data,
                        const std::string& tail) {
  const std::string path = scratch.file("sparse.safetensors", safetensors(header, ""));
  const std::uint64_t begin = 8 + header.size();
  EXPECT_EQ(0, ::truncate(path.c_str(), static_cast<off_t>(begin + data)));
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(begin + data - tail.size()));
  file << tail;
  return path;
}

TEST(Large, SixGibibytesOfWhichTheEndIsRead) {
  const folder scratch;
  constexpr std::uint64_t most = std::uint64_t{6} << 30;
  const std::string tail = bytes_of<float>({1, 2, 3, 5.5F});
  const std::string in =
      sparse_file(scratch,
                  R"({"a":{"dtype":"I64","shape":[)" + std::to_string(most / 8) + R"(],"data_offsets":[0,)" +
                      std::to_string(most) + R"(]},"b":{"dtype":"F32","shape":[2,2],"data_offsets":[)" +
                      std::to_string(most) + "," + std::to_string(most + 16) + "]}}",
                  most + 16, tail);
  const outcome result = inspect({in, "--formats", "bfloat16"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("b  F32 [2, 2], 4 values, largest 5.5\n"), std::string::npos) << result.out;
  EXPECT_EQ(values_in(in, "b"), (std::vector<float>{1, 2, 3, 5.5F}));
}

TEST(Large, AnArchiveOfMoreArraysThanFilesMayBeOpen) {
  const folder scratch;
  std::vector<support::zip_member> members;
  for (int i = 0; i < 300; ++i) {
    members.push_back({"a" + std::to_string(i) + ".npy",
                       npy("<f4", false, "(1, 2)", bytes_of<float>({1, static_cast<float>(i)}))});
  }
  const std::string in = scratch.file("in.npz", support::stored_zip(members));
  const std::string out = scratch.path("out.safetensors");
  disturbance how;
  how.most_files = 64;
  std::string err;
  EXPECT_EQ(run_disturbed({"convert", in, out, "--to", "f16"}, how, &err), 0) << err;
  EXPECT_EQ(values_in(out, "a299"), (std::vector<float>{1, 299}));
  members.push_back(members.front());
  EXPECT_NE(inspect({scratch.file("twice.npz", support::stored_zip(members))}).err.find("names 'a0' twice\n"),
            std::string::npos);
}

// With the label exhaustive: 3 * 2^30 values are computed.
TEST(LargeExhaustive, SixGibibytesAreConverted) {
  const folder scratch;
  constexpr std::uint64_t rows = std::uint64_t{6} << 18;
  const std::string in = sparse_file(scratch,
                                     R"({"a.weight":{"dtype":"BF16","shape":[)" + std::to_string(rows) +
                                         R"(,2048],"data_offsets":[0,)" + std::to_string(rows * 4096) + "]}}",
                                     rows * 4096, bytes_of<std::uint16_t>({0x40C0, 0xBF80}));  // 6, -1
  const std::string out = scratch.path("out.safetensors");
  const usage used = measured_run({"convert", in, out, "--to", "nvfp4", "--layout", "plain"});
  EXPECT_EQ(used.status, 0);
  EXPECT_LT(used.peak_kib, 128 * 1024);
  const checkpoint::model m = checkpoint::read_model(out, "");
  ASSERT_EQ(m.parameters.size(), 1U);
  std::vector<float> last(4);
  m.parameters[0].values->read(rows * 2048 - 4, last);
  EXPECT_EQ(last, (std::vector<float>{0, 0, 6, -1}));
}

TEST(Large, AHundredThousandTensors) {
  const folder scratch;
  constexpr int count = 100'000;
  std::string header = "{";
  for (int i = 0; i < count; ++i) {
    header += (i == 0 ? "\"t" : ",\"t") + std::to_string(i) +
              R"(.weight":{"dtype":"F32","shape":[1,4],"data_offsets":[)" + std::to_string(16 * i) + "," +
              std::to_string(16 * i + 16) + "]}";
  }
  std::string in;
  {
    std::string data;
    for (int i = 0; i < count; ++i) {
      data += bytes_of<float>({1, 2, static_cast<float>(i % 97), 4});
    }
    in = scratch.file("in.safetensors", safetensors(header + "}", data));
  }
  const auto begin = std::chrono::steady_clock::now();
  const outcome summary = inspect({in, "--summary", "--formats", "mxfp4,fp8_e4m3"});
  EXPECT_EQ(summary.status, 0) << summary.err;
  EXPECT_LT(std::count(summary.out.begin(), summary.out.end(), '\n'), 20) << summary.out.substr(0, 4000);
  const std::string out = scratch.path("out.safetensors");
  const outcome converted = convert({in, out, "--to", "bf16"});
  EXPECT_EQ(converted.status, 0) << converted.err;
  EXPECT_LT(std::count(converted.out.begin(), converted.out.end(), '\n'), 60);
  EXPECT_EQ(run({"compare", in, out, "--differences", "--min-snr", "40"}).status, 0);
  EXPECT_EQ(values_in(out, "t99999.weight"), (std::vector<float>{1, 2, 99999 % 97, 4}));
  const outcome blocks = convert({in, scratch.path("out.gguf"), "--to", "f16"});
  EXPECT_EQ(blocks.status, 0) << blocks.err;
  // Quadratic work on names would take minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

// Chunks are of a fixed size, so that a file four times as large takes no more; 40 MiB are the program, its
// libraries and what both files have in common.
TEST(Memory, DoesNotGrowWithTheFile) {
  const folder scratch;
  const auto sparse = [&](std::uint64_t rows) {
    const std::uint64_t bytes = rows * 4096;
    return sparse_file(scratch,
                       R"({"a.weight":{"dtype":"BF16","shape":[)" + std::to_string(rows) +
                           R"(,2048],"data_offsets":[0,)" + std::to_string(bytes) + "]}}",
                       bytes, "");
  };
  for (const char* format : {"f32", "fp8", "nvfp4", "fp8-block", "q8_0"}) {
    const std::string out =
        scratch.path(std::string("out") + (std::string(format) == "q8_0" ? ".gguf" : ".safetensors"));
    long peak[2] = {};
    for (int i = 0; i < 2; ++i) {
      const std::uint64_t rows = i == 0 ? 8192 : 32768;  // 32 and 128 MiB
      const std::string in = sparse(rows);
      std::vector<std::string> words = {"convert", in, out, "--to", format, "--threads", "2"};
      if (std::string(format) != "q8_0") {
        words.insert(words.end(), {"--layout", "plain"});
      }
      const usage used = measured_run(words);
      EXPECT_EQ(used.status, 0) << format;
      peak[i] = used.peak_kib;
      // Once, or twice where a scale of the whole tensor has to be found first; and little besides.
      EXPECT_GE(used.read_bytes, rows * 4096) << format;
      EXPECT_LE(used.read_bytes, 2 * rows * 4096 + (4 << 20)) << format;
    }
    EXPECT_LT(peak[1], 64 * 1024) << format << ": KiB";
    EXPECT_LT(peak[1], peak[0] + 8 * 1024) << format << ": KiB, of four times the file";
  }
}

}  // namespace
}  // namespace checkpoint_test
