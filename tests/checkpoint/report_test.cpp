// Reports: bytes of files, what stays readable for many tensors, tables for programs, and the chart.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <regex>
#include <sstream>

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include "program.hpp"
#include "test_files.hpp"

namespace checkpoint_test {
namespace {

std::string golden(const std::string& name) { return std::string(CHECKPOINT_GOLDEN) + '/' + name; }

long lines_in(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

/// Many tensors of four floats, each the same but for one of the last.
std::string many_tensors(std::size_t n, float last) {
  std::string header;
  for (std::size_t i = 0; i < n; ++i) {
    header += (i == 0 ? "{\"t" : ",\"t") + std::to_string(i) +
              R"(":{"dtype":"F32","shape":[1,4],"data_offsets":[)" + std::to_string(16 * i) + ',' +
              std::to_string(16 * (i + 1)) + "]}";
  }
  std::vector<float> values(4 * n, 1.5F);
  values.back() = last;
  return safetensors(header + '}', bytes_of(values));
}

TEST(Sizes, AreThoseOfTheFilesThatAreWritten) {
  const folder scratch;
  const std::string in = scratch.file("m.safetensors", many_tensors(50, 2));
  const auto lines = measured(in, {"--formats", "bfloat16,fp8_e4m3,mxfp4"});
  const std::string out = scratch.path("out");
  ASSERT_EQ(run({"convert", in, out, "--to", "bf16"}).status, 0);
  EXPECT_EQ(lines.at("/bfloat16").bytes, static_cast<long>(std::filesystem::file_size(out)));
  ASSERT_EQ(run({"convert", in, out, "--to", "fp8", "--layout", "plain"}).status, 0);
  // That file's metadata says of each tensor what it is: 30 bytes or so each.
  EXPECT_LT(lines.at("/fp8_e4m3").bytes, static_cast<long>(std::filesystem::file_size(out)));
  EXPECT_GT(lines.at("/fp8_e4m3").bytes, 50 * (4 + 4));
  EXPECT_EQ(lines.at("t0/bfloat16").bytes, 8);
  EXPECT_EQ(lines.at("t0/mxfp4").bytes, 17) << "a row of four is a block";
}

TEST(Sizes, HeadersOfWhatIsReadAreCounted) {
  const folder scratch;
  const std::string in = scratch.file("m.safetensors", many_tensors(3, 2));
  const auto size = std::filesystem::file_size(in);
  const outcome result = inspect({in, "--formats", "bfloat16"});
  EXPECT_NE(result.out.find(in + ": " + std::to_string(size) + " bytes, " + std::to_string(size - 48) +
                            " of them header, 3 tensors\n"),
            std::string::npos)
      << result.out;
  const outcome made = run({"convert", in, scratch.path("out"), "--to", "bf16"});
  EXPECT_NE(made.out.find(std::to_string(std::filesystem::file_size(scratch.path("out"))) +
                          " bytes in 1 file, " + std::to_string(size) + " before\n"),
            std::string::npos)
      << made.out;
}

TEST(Sizes, AnOutputThatIsLargerIsSaid) {
  const folder scratch;
  // A scale and its name for each four floats are more than they save.
  const std::string in = scratch.file("m.safetensors", many_tensors(100, 2));
  const outcome made = run({"convert", in, scratch.path("q"), "--to", "fp8", "--layout", "modelopt"});
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_NE(made.out.find("the output is larger than the input\n"), std::string::npos) << made.out;
}

TEST(Sizes, EveryShardIsListed) {
  const folder scratch;
  const std::string in = scratch.file("m.safetensors", many_tensors(8, 2));
  const outcome made = run({"convert", in, scratch.path("out/"), "--to", "bf16", "--shard-size", "16"});
  ASSERT_EQ(made.status, 0) << made.err;
  for (const char* name : {"model-00001-of-00004.safetensors", "model-00004-of-00004.safetensors"}) {
    const std::string path = scratch.path(std::string("out/") + name);
    EXPECT_NE(made.out.find(path + ": " + std::to_string(std::filesystem::file_size(path)) + " bytes\n"),
              std::string::npos)
        << made.out;
  }
}

TEST(ManyTensors, EveryReportStaysShort) {
  const folder scratch;
  const std::string a = scratch.file("a.safetensors", many_tensors(20000, 1.5F));
  const std::string b = scratch.file("b.safetensors", many_tensors(20000, 9));
  const outcome inspected = inspect({a, "--formats", "bfloat16", "--svg", scratch.path("c.svg")});
  EXPECT_EQ(inspected.status, 0) << inspected.err;
  EXPECT_LT(lines_in(inspected.out), 600);
  EXPECT_LT(std::filesystem::file_size(scratch.path("c.svg")), 400000U);
  const outcome compared = run({"compare", a, b});
  EXPECT_EQ(compared.status, 3);
  EXPECT_LT(lines_in(compared.out), 110);
  EXPECT_NE(compared.out.find("t19999  F32 [1, 4]: "), std::string::npos)
      << "the one that differs is shown, wherever it is";
  EXPECT_NE(compared.out.find("19900 of 20000 parameters not shown\n19999 equal, 1 different\n"),
            std::string::npos)
      << compared.out;
  const outcome summary = run({"compare", a, b, "--summary"});
  EXPECT_EQ(lines_in(summary.out), 2) << summary.out;
  const outcome converted = run({"convert", a, scratch.path("out"), "--to", "bf16"});
  EXPECT_EQ(converted.status, 0) << converted.err;
  EXPECT_LT(lines_in(converted.out), 60);
  // One row of four is no block: each is kept, and twenty are named.
  const outcome kept = run({"convert", b, scratch.path("out"), "--to", "mxfp4", "--layout", "plain"});
  EXPECT_EQ(kept.status, 1);
  EXPECT_EQ(lines_in(kept.err), 1) << kept.err;
}

TEST(Tables, OfAComparison) {
  const folder scratch;
  const std::string a = scratch.file("a", many_tensors(3, 2));
  const std::string b = scratch.file("b", many_tensors(3, 2.5F));
  ASSERT_EQ(run({"compare", a, b, "--csv", scratch.path("c"), "--json", scratch.path("j")}).status, 3);
  const std::string csv = contents(scratch.path("c"));
  EXPECT_EQ(lines_in(csv), 4);
  EXPECT_NE(csv.find("\"t0\",\"F32\",\"[1, 4]\",equal,,0,0,,,,\"\"\n"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\"t2\",\"F32\",\"[1, 4]\",different,16.3347,1,0.5,\"[0, 3]\",2,2.5,\"\"\n"),
            std::string::npos)
      << csv;
  const auto json = nlohmann::json::parse(contents(scratch.path("j")));
  ASSERT_EQ(json["parameters"].size(), 3U);
  EXPECT_EQ(json["parameters"][0]["verdict"], "equal");
  EXPECT_EQ(json["parameters"][2]["largest_difference"], 0.5);
  EXPECT_EQ(json["parameters"][2]["in_b"], 2.5);
}

TEST(Tables, OfAConversion) {
  const folder scratch;
  const std::string in = scratch.file("m", many_tensors(3, 1e-6F));
  ASSERT_EQ(
      run({"convert", in, scratch.path("q"), "--to", "fp8", "--layout", "plain", "--json", scratch.path("j")})
          .status,
      0);
  const auto json = nlohmann::json::parse(contents(scratch.path("j")));
  EXPECT_EQ(json["format"], "fp8");
  EXPECT_EQ(json["converted"], 3);
  EXPECT_EQ(json["output_bytes"], std::filesystem::file_size(scratch.path("q")));
  EXPECT_EQ(json["files"][0]["bytes"], std::filesystem::file_size(scratch.path("q")));
  ASSERT_EQ(json["lossy"].size(), 1U);
  EXPECT_EQ(json["lossy"][0]["name"], "t2");
  EXPECT_EQ(json["lossy"][0]["flushed"], 1);
}

TEST(Tables, OfAnInspectionNameFiles) {
  const folder scratch;
  const std::string in = scratch.file("m", many_tensors(3, 2));
  ASSERT_EQ(inspect({in, "--formats", "bfloat16", "--json", scratch.path("j")}).status, 0);
  const auto json = nlohmann::json::parse(contents(scratch.path("j")));
  EXPECT_EQ(json["files"][0]["bytes"], std::filesystem::file_size(in));
  EXPECT_EQ(json["files"][0]["header_bytes"], std::filesystem::file_size(in) - 48);
  EXPECT_GT(json["total"]["bfloat16"]["file_bytes"], 24);
}

TEST(Losses, AreNeverCalledExact) {
  const folder scratch;
  for (const char* name : {"allinf.safetensors", "oneinf.safetensors"}) {
    const std::string file = golden(std::string("files/") + name);
    const outcome result = inspect({file, "--formats", "all", "--svg", scratch.path("c.svg")});
    std::istringstream text(result.out);
    for (std::string line; std::getline(text, line);) {
      std::smatch row;
      const bool is_row = std::regex_match(
          line, row, std::regex(R"(..(\S+) +([0-9.]+) +(exact|lost|-?[0-9.]+) +(\d+) +(\d+)( +\d+)?)"));
      if (is_row && row[3] == "exact") {
        EXPECT_EQ(row[4], "0") << line;
        EXPECT_EQ(row[5], "0") << line;
      }
    }
    const std::string svg = contents(scratch.path("c.svg"));
    EXPECT_EQ(svg.find("fp4_e2m1 (exact)"), std::string::npos);
    EXPECT_NE(svg.find("fp4_e2m1 (saturates)"), std::string::npos);
  }
}

struct segment {
  double x1, y1, x2, y2;
};

double turn(double ax, double ay, double bx, double by, double cx, double cy) {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

bool cross(const segment& a, const segment& b) {
  constexpr double nearly = 1;  // figures have one digit after the point
  const auto apart = [](double p, double q) {
    return (p > nearly && q < -nearly) || (p < -nearly && q > nearly);
  };
  return apart(turn(a.x1, a.y1, a.x2, a.y2, b.x1, b.y1), turn(a.x1, a.y1, a.x2, a.y2, b.x2, b.y2)) &&
         apart(turn(b.x1, b.y1, b.x2, b.y2, a.x1, a.y1), turn(b.x1, b.y1, b.x2, b.y2, a.x2, a.y2));
}

TEST(Chart, OfAllFormatsHasNoNamesOverEachOtherAndNoLinesThatCross) {
  const folder scratch;
  const std::string file = golden("checkpoints/source_bf16.safetensors");
  ASSERT_EQ(inspect({file, "--formats", "all", "--svg", scratch.path("c.svg")}).status, 0);
  const std::string svg = contents(scratch.path("c.svg"));
  const std::regex line_form(
      R"x(<line x1="([0-9.]+)" y1="([0-9.]+)" x2="([0-9.]+)" y2="([0-9.]+)" [^>]*stroke-opacity="0.7"/>)x");
  std::vector<segment> lines;
  for (std::sregex_iterator each(svg.begin(), svg.end(), line_form), end; each != end; ++each) {
    lines.push_back(
        {std::stod((*each)[1]), std::stod((*each)[2]), std::stod((*each)[3]), std::stod((*each)[4])});
  }
  EXPECT_EQ(lines.size(), 29U) << "a line for each format";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t j = i + 1; j < lines.size(); ++j) {
      EXPECT_FALSE(cross(lines[i], lines[j])) << i << " and " << j;
    }
  }
  struct text_box {
    double x, y;
    std::string text;
  };
  const std::regex text_form(R"x(<text x="([0-9.]+)" y="([0-9.]+)" text-anchor="start"[^>]*>([^<]*)<)x");
  std::vector<text_box> names;
  for (std::sregex_iterator each(svg.begin(), svg.end(), text_form), end; each != end; ++each) {
    names.push_back({std::stod((*each)[1]), std::stod((*each)[2]), (*each)[3]});
  }
  EXPECT_GE(names.size(), 29U);
  constexpr double letter = 7.2;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = i + 1; j < names.size(); ++j) {
      const text_box& a = names[i];
      const text_box& b = names[j];
      const double a_end = a.x + letter * static_cast<double>(a.text.size());
      const double b_end = b.x + letter * static_cast<double>(b.text.size());
      EXPECT_TRUE(a_end <= b.x || b_end <= a.x || std::fabs(a.y - b.y) >= 12) << a.text << " and " << b.text;
    }
  }
}

TEST(Progress, HasABarARateAndTheTimeLeft) {
  const folder scratch;
  const std::size_t n = std::size_t{4} << 20;
  const std::string file = scratch.file(
      "m", one_tensor("F32", "[1024," + std::to_string(n / 1024) + ']', std::string(4 * n, '\x3F')));
  const outcome result = run_on_terminal({"inspect", file, "--threads", "1"});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(std::regex_search(result.err, std::regex(R"(\d+ %  \[#* *\]  \d+ MB/s  \d+ s left  t)")))
      << result.err;
}

}  // namespace
}  // namespace checkpoint_test
