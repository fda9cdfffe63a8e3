// The other outputs: CSV, chart, progress, and what is said about a command line that makes no sense.
#include <algorithm>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "test_files.hpp"
#include "program.hpp"

namespace checkpoint_test {
namespace {

/// A tensor whose name needs quoting everywhere.
std::string oddly_named() {
  return safetensors(
      "{\"a,\\\"b\\\"<&>\\u001b[31m\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}",
      bytes_of<float>({1, 2, 3, 5.3F}));
}

TEST(Csv, QuotesNames) {
  const folder scratch;
  const auto lines = measured(scratch.file("m", oddly_named()));
  ASSERT_EQ(lines.count("a,\"b\"<&>\x1b[31m/mxfp4"), 1U);
  EXPECT_EQ(lines.at("a,\"b\"<&>\x1b[31m/mxfp4").shape, "[2, 2]");
}

TEST(Report, ShowsControlCharactersHarmlessly) {
  const folder scratch;
  const outcome result = inspect({scratch.file("m", oddly_named())});
  EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
  EXPECT_NE(result.out.find("a,\"b\"<&>\\x1b[31m  F32 [2, 2], 4 values, largest 5.3\n"), std::string::npos);
}

/// Whether tags nest and every < and & is markup; enough of XML for what the program writes.
bool is_well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < xml.size(); ++i) {
    if (xml[i] == '&') {
      const std::size_t end = xml.find(';', i);
      const std::string entity = end == xml.npos ? "" : xml.substr(i + 1, end - i - 1);
      if (entity != "lt" && entity != "gt" && entity != "amp") {
        return false;
      }
    }
    if (xml[i] != '<') {
      continue;
    }
    const std::size_t end = xml.find('>', i);
    if (end == xml.npos) {
      return false;
    }
    const std::string tag = xml.substr(i + 1, end - i - 1);
    if (tag.front() == '/') {
      if (open.empty() || open.back() != tag.substr(1)) {
        return false;
      }
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(tag.substr(0, tag.find(' ')));
    }
    i = end;
  }
  return open.empty();
}

TEST(Svg, IsWellFormedAndNamesEveryFormat) {
  const folder scratch;
  const std::string file = scratch.file("a<b>&c", oddly_named());
  ASSERT_EQ(inspect({file, "--formats", "all", "--svg", scratch.path("chart.svg")}).status, 0);
  const std::string svg = contents(scratch.path("chart.svg"));
  EXPECT_TRUE(is_well_formed(svg)) << svg;
  EXPECT_EQ(svg.find("<svg xmlns=\"http://www.w3.org/2000/svg\""), 0U);
  for (const char* format : {"bfloat16", "hif8", "mxfp4", "nvfp4", "hif4", "msfp16"}) {
    EXPECT_NE(svg.find(std::string(">") + format), std::string::npos) << format;
  }
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(Report, ManyTensorsInASummary) {
  const folder scratch;
  std::string header;
  for (int i = 0; i < 1000; ++i) {
    header += (i == 0 ? "{\"t" : ",\"t") + std::to_string(i) +
              R"(":{"dtype":"F32","shape":[1],"data_offsets":[)" + std::to_string(4 * i) + "," +
              std::to_string(4 * i + 4) + "]}";
  }
  const std::string file = scratch.file("m", safetensors(header + "}", std::string(4000, '\x3F')));
  const outcome summary = inspect({file, "--summary", "--formats", "mxfp4"});
  EXPECT_EQ(summary.status, 0) << summary.err;
  EXPECT_LT(std::count(summary.out.begin(), summary.out.end(), '\n'), 12) << summary.out;
  EXPECT_NE(summary.out.find("1000 of 1000 tensors not shown\n"), std::string::npos) << summary.out;
  const outcome top = inspect({file, "--top", "2", "--formats", "mxfp4"});
  EXPECT_NE(top.out.find("\nt0  F32"), std::string::npos);
  EXPECT_NE(top.out.find("998 of 1000 tensors not shown\n"), std::string::npos);
}

TEST(Json, HasWhatTheTableHas) {
  const folder scratch;
  ASSERT_EQ(
      inspect({scratch.file("m", oddly_named()), "--formats", "mxfp4,bfloat16", "--json", scratch.path("j")})
          .status,
      0);
  const std::string json = contents(scratch.path("j"));
  for (const char* words :
       {"\"saturated\":0", "\"mxfp4\"", "\"shape\"", "\"total\"", "a,\\\"b\\\"<&>\\u001b[31m"}) {
    EXPECT_NE(json.find(words), std::string::npos) << words << json;
  }
}

TEST(Svg, OfNothing) {
  const folder scratch;
  const std::string file = scratch.file("m", safetensors("{}", ""));
  const outcome result = inspect({file, "--svg", scratch.path("chart.svg"), "--csv", scratch.path("c.csv")});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("no floating-point tensors"), std::string::npos);
  EXPECT_TRUE(is_well_formed(contents(scratch.path("chart.svg"))));
}

TEST(Progress, IsOneLineOnATerminalAndNothingElsewhere) {
  const folder scratch;
  const std::size_t n = std::size_t{3} << 20;
  const std::string file =
      scratch.file("m", one_tensor("F32", "[" + std::to_string(n) + "]", std::string(4 * n, '\x3F')));
  const outcome result = run_on_terminal({"inspect", file, "--threads", "1"});
  EXPECT_EQ(result.status, 0);
  EXPECT_NE(result.err.find(" %  "), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("s left  t"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find('\n'), std::string::npos) << result.err;
  EXPECT_EQ(result.err.substr(result.err.size() - 4), "\r\x1b[K");
  EXPECT_EQ(inspect({file, "--formats", "bfloat16"}).err, "");
}

TEST(CommandLine, HelpListsTheFormats) {
  EXPECT_NE(run({"--help"}).out.find("inspect"), std::string::npos);
  const outcome result = inspect({"--help"});
  EXPECT_EQ(result.status, 0);
  for (const char* word : {"--formats", "--min-snr", "--csv", "--svg", "--write", "hif8", "mxfp4", "nvfp4"}) {
    EXPECT_NE(result.out.find(word), std::string::npos) << word;
  }
}

TEST(CommandLine, SeveralFilesAreOneReport) {
  const folder scratch;
  const std::string one = scratch.file("one", one_tensor("F32", "[2]", bytes_of<float>({1, 2})));
  const std::string two = scratch.file("two", one_tensor("F32", "[1]", bytes_of<float>({8})));
  const outcome result = inspect({one, two});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find(one + ":t  F32 [2], 2 values, largest 2\n"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find(two + ":t  F32 [1], 1 values, largest 8\n"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("total of 2 tensors\n"), std::string::npos);
}

TEST(CommandLine, NeedsACommand) {
  EXPECT_EQ(run({}).status, 2);
  EXPECT_EQ(run({"quantise", "a"}).status, 2);
}

TEST(CommandLine, Mistakes) {
  const struct {
    std::vector<std::string> arguments;
    const char* words;
  } cases[] = {
      {{}, "PATH is required"},
      {{"a", "--colour"}, "The following argument was not expected: --colour"},
      {{"a", "--formats"}, "--formats: 1 required"},
      {{"a", "--formats", "fp7"}, "--formats does not know 'fp7'"},
      {{"a", "--formats", ""}, "--formats does not know ''"},
      {{"a", "--min-snr", "loud"}, "--min-snr"},
      {{"a", "--min-snr", "nan"}, "--min-snr"},
      {{"a", "--threads", "-1"}, "--threads"},
      {{"a", "--npy-dtype", "F8_E4M3"}, "--npy-dtype does not know 'F8_E4M3'"},
  };
  for (const auto& each : cases) {
    const outcome result = inspect(each.arguments);
    EXPECT_EQ(result.status, 2) << each.words;
    EXPECT_NE(result.err.find(each.words), std::string::npos) << result.err;
    EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
  }
}

TEST(Output, AFolderThatDoesNotExistIsAnError) {
  const folder scratch;
  const std::string file = scratch.file("m", oddly_named());
  const outcome result = inspect({file, "--csv", scratch.path("missing/c.csv")});
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("missing/c.csv: cannot be written"), std::string::npos);
}

TEST(Output, ThatCannotTakeItsNameLeavesNothing) {
  const folder scratch;
  const std::string file = scratch.file("m", oddly_named());
  const outcome result = inspect({file, "--csv", scratch.root() + "/."});
  EXPECT_EQ(result.status, 1);
  ASSERT_EQ(0, ::mkdir(scratch.path("taken").c_str(), 0700));
  const outcome taken = inspect({file, "--write", scratch.path("taken")});
  EXPECT_EQ(taken.status, 1);
  EXPECT_NE(taken.err.find("taken: cannot be written: it is a folder"), std::string::npos) << taken.err;
  EXPECT_EQ(scratch.names(), (std::vector<std::string>{"m", "taken"}));
}

}  // namespace
}  // namespace checkpoint_test
