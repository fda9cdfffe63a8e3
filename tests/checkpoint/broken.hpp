// Broken files: each must be refused by one line that names the file and the problem.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "test_files.hpp"
#include "program.hpp"

namespace checkpoint_test {

struct broken_file {
  const char* name;  ///< of the test
  std::string bytes;
  std::vector<std::string> words;  ///< that the message has
};

inline void PrintTo(const broken_file& file, std::ostream* out) { *out << file.name; }
inline std::string name_of(const ::testing::TestParamInfo<broken_file>& info) { return info.param.name; }

/// Runs the program and compares; `path` is what it is to be given.
inline void expect_refused(const std::string& path, const std::vector<std::string>& words,
                           const std::vector<std::string>& arguments = {}) {
  std::vector<std::string> all = arguments;
  all.push_back(path);
  const outcome result = inspect(all);
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err.find("checkpoint: " + path.substr(0, path.rfind('/'))), 0U) << result.err;
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
  EXPECT_LT(result.err.size(), 800U) << result.err;
  for (const char c : result.err.substr(0, result.err.size() - 1)) {
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20) << "a control character in: " << result.err;
  }
  for (const std::string& word : words) {
    EXPECT_NE(result.err.find(word), std::string::npos) << "not in the message: " << word << "\n"
                                                        << result.err;
  }
}

}  // namespace checkpoint_test
