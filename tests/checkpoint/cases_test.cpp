// What the program once got wrong, each by the name of what is right.
#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "models.hpp"
#include "test_files.hpp"

namespace checkpoint_test {
namespace {

TEST(CaseFiles, DevicesStayDevices) {
  for (const char* option : {"--write", "--csv", "--json", "--svg"}) {
    const outcome result =
        inspect({golden("source_bf16.safetensors"), "--min-snr", "5", option, "/dev/null"});
    EXPECT_EQ(result.status, 0) << option << result.err;
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null")) << option;
  }
}

TEST(CaseFiles, ScalesOfAQuantizedWeightAreNeverTouched) {
  const folder scratch;
  const std::string source = case_file("deepseek_one.safetensors");
  const checkpoint::model before = checkpoint::read_model(source, "");
  ASSERT_EQ(before.parameters.size(), 1U);
  ASSERT_EQ(before.parameters[0].parts.size(), 2U);
  const std::string out = scratch.path("out.safetensors");
  const outcome written = inspect({source, "--min-snr", "5", "--write", out});
  EXPECT_EQ(written.status, 0) << written.err;
  for (const checkpoint::parameter& p : checkpoint::read_model(out, "").parameters) {
    EXPECT_EQ(p.name.find("scale"), std::string::npos) << p.name;
    EXPECT_EQ(p.shape, before.parameters[0].shape);
  }
  for (const char* to : {"fp8-block", "bf16", "mxfp8"}) {
    const std::string again = scratch.path(std::string("again-") + to + ".safetensors");
    const outcome result = convert({source, again, "--to", to, "--include", "*"});
    ASSERT_EQ(result.status, 0) << to << result.err;
    const checkpoint::model after = checkpoint::read_model(again, "");
    ASSERT_EQ(after.parameters.size(), 1U) << to;
    EXPECT_EQ(after.parameters[0].name, before.parameters[0].name);
  }
}

TEST(CaseFiles, ScalesOfItsOwnOutputAreNeverTouched) {
  for (const char* format : {"fp8", "mxfp8", "nvfp4", "mxfp6"}) {
    const folder scratch;
    const std::string once = scratch.path("once.safetensors");
    const std::string twice = scratch.path("twice.safetensors");
    ASSERT_EQ(convert({golden("source_bf16.safetensors"), once, "--to", format, "--layout", "plain"}).status,
              0);
    ASSERT_EQ(convert({once, twice, "--to", "hif8", "--layout", "plain"}).status, 0) << format;
    const checkpoint::model first = checkpoint::read_model(once, "");
    const checkpoint::model second = checkpoint::read_model(twice, "");
    ASSERT_EQ(first.parameters.size(), second.parameters.size()) << format;
    for (const checkpoint::parameter& p : first.parameters) {
      EXPECT_NE(find(second, p.name), nullptr) << p.name;
      EXPECT_EQ(p.name.find("_scale"), std::string::npos) << p.name;
    }
  }
}

// Of safetensors' Python package, release 0.8.0, with numpy and with torch: F6 dtypes are not understood, F4
// and F8_E8M0 not by numpy, nor by loaders that have U8 there.
TEST(CaseFiles, DtypesByDefaultAreThoseThatReadersHave) {
  const std::set<std::string_view> known = {"F64", "F32", "F16", "BF16", "I64",    "I32",
                                            "I16", "I8",  "U8",  "BOOL", "F8_E4M3"};
  for (const char* format :
       {"nvfp4", "mxfp4", "mxfp6", "mxfp8", "fp8", "fp8-channel", "fp8-block", "hif8", "f16", "f32"}) {
    const folder scratch;
    const std::string out = scratch.path("out.safetensors");
    const outcome result = convert({golden("source_bf16.safetensors"), out, "--to", format});
    ASSERT_EQ(result.status, 0) << format << result.err;
    const std::string file = contents(out);
    const std::regex dtype("\"dtype\":\"([A-Z0-9_]+)\"");
    for (std::sregex_iterator i(file.begin(), file.end(), dtype), end; i != end; ++i) {
      EXPECT_EQ(known.count((*i)[1].str()), 1U) << format << ": " << (*i)[1];
    }
  }
}

TEST(CaseFiles, ConvolutionsAreMeasuredAsOutputChannelsByTheRest) {
  const auto lines = measured(case_file("conv.safetensors"), {"--formats", "mxfp4,nvfp4"});
  for (const auto& [name, line] : lines) {
    EXPECT_LT(line.bits_per_value, 5.0) << name;
  }
}

TEST(CaseFiles, NormsAndBiasesAreKeptUnlessAsked) {
  const folder scratch;
  const std::string source = golden("source_bf16.safetensors");
  const std::string out = scratch.path("out.safetensors");
  const auto formats = [&] {
    std::map<std::string, std::string> found;
    for (const checkpoint::parameter& p : checkpoint::read_model(out, "").parameters) {
      found[p.name] = p.format;
    }
    return found;
  };
  ASSERT_EQ(convert({source, out, "--to", "fp8", "--layout", "plain"}).status, 0);
  for (const auto& [name, format] : formats()) {
    const bool is_kept = name.find("norm") != name.npos || name.ends_with("bias") ||
                         name == "lm_head.weight" || name.find("embed") != name.npos;
    EXPECT_EQ(format == "BF16", is_kept) << name;
  }
  ASSERT_EQ(convert({source, out, "--to", "fp8", "--layout", "plain", "--include", "*norm*"}).status, 0);
  EXPECT_EQ(formats().at("model.norm.weight"), "fp8");
}

TEST(CaseFiles, AClashOfNamesKeepsOrRefusesBeforeTheWork) {
  const folder scratch;
  const std::string out = scratch.path("out.safetensors");
  const outcome result = inspect({case_file("names_clash.safetensors"), "--min-snr", "5", "--write", out});
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("a_scale"), std::string::npos) << result.err;
  EXPECT_TRUE(scratch.names().empty());
}

TEST(CaseFiles, AnInfinityThatIsKeptIsNotSaturated) {
  const folder scratch;
  const outcome result = convert(
      {case_file("oneinf.safetensors"), scratch.path("out.safetensors"), "--to", "bf16", "--include", "*"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out.find("lost"), std::string::npos) << result.out;
}

TEST(CaseFiles, InfinitiesThatAreNotKeptAreSaid) {
  const folder scratch;
  const outcome result = convert({case_file("allinf.safetensors"), scratch.path("out.safetensors"), "--to",
                                  "fp8", "--layout", "plain", "--include", "*"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("512 NaN or infinite and not kept"), std::string::npos) << result.out;
}

// The labels of a chart, as boxes: none covers another.
TEST(CaseFiles, AChartOfAllFormatsCanBeRead) {
  const folder scratch;
  const std::string chart = scratch.path("chart.svg");
  ASSERT_EQ(inspect({golden("source_bf16.safetensors"), "--formats", "all", "--svg", chart}).status, 0);
  const std::string svg = contents(chart);
  struct box {
    double left, right, top, bottom;
    std::string text;
  };
  std::vector<box> boxes;
  const std::regex label("<text([^>]*)>([^<]*)</text>");
  const auto number = [](const std::string& attributes, const char* name, double otherwise) {
    std::smatch found;
    return std::regex_search(attributes, found, std::regex(std::string("[ ]") + name + "=\"([-0-9.]+)\""))
               ? std::stod(found[1])
               : otherwise;
  };
  for (std::sregex_iterator i(svg.begin(), svg.end(), label), end; i != end; ++i) {
    const std::string attributes = (*i)[1];
    if (attributes.find("rotate") != attributes.npos) {
      continue;
    }
    const double size = number(attributes, "font-size", 12);
    const double width = 0.5 * size * static_cast<double>((*i)[2].length());
    const double x = number(attributes, "x", 0);
    const double y = number(attributes, "y", 0);
    const double left = attributes.find("\"middle\"") != attributes.npos ? x - width / 2
                        : attributes.find("\"end\"") != attributes.npos  ? x - width
                                                                         : x;
    boxes.push_back({left, left + width, y - 0.7 * size, y, (*i)[2]});
  }
  EXPECT_GT(boxes.size(), 20U);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const bool apart = boxes[i].right <= boxes[k].left || boxes[k].right <= boxes[i].left ||
                         boxes[i].bottom <= boxes[k].top || boxes[k].bottom <= boxes[i].top;
      EXPECT_TRUE(apart) << boxes[i].text << " and " << boxes[k].text;
    }
  }
}

}  // namespace
}  // namespace checkpoint_test
