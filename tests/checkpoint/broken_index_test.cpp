#include "broken.hpp"

namespace checkpoint_test {
namespace {

class BrokenIndex : public ::testing::TestWithParam<broken_file> {};

// Beside the index lies a sound shard, one.safetensors, that holds the tensor a.
TEST_P(BrokenIndex, IsRefused) {
  const folder scratch;
  scratch.file("one.safetensors",
               safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "1234"));
  scratch.file("cut.safetensors",
               safetensors(R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "123"));
  expect_refused(scratch.file("model.safetensors.index.json", GetParam().bytes), GetParam().words);
}

std::string mapping(const std::string& text) { return "{\"weight_map\":{" + text + "}}"; }

std::string deep(std::size_t levels) {
  return "{\"x\":" + std::string(levels, '[') + std::string(levels, ']') + "}";
}

const broken_file cases[] = {
    {"Empty", "", {"index is not valid JSON"}},
    {"NotAnObject", "[]", {"index has an array where its one object should be"}},
    {"NoWeightMap", "{\"metadata\":{}}", {"index has no weight_map"}},
    {"WeightMapIsAnArray", "{\"weight_map\":[]}", {"has an array as weight_map, where an object should be"}},
    {"WeightMapTwice", R"({"weight_map":{},"weight_map":{}})", {"index has its weight_map twice"}},
    {"NameTwice", mapping(R"("a":"one.safetensors","a":"one.safetensors")"), {"index names 'a' twice"}},
    {"FileIsANumber", mapping(R"("a":1)"), {"has a number under 'a' of weight_map, where a file name"}},
    {"FileIsAnObject", mapping(R"("a":{})"), {"has an object under 'a'"}},
    {"FileInAnotherFolder",
     mapping(R"("a":"../one.safetensors")"),
     {"tensor 'a': is said to be in '../one.safetensors', which is not the name of a file beside the index"}},
    {"AbsolutePath", mapping(R"("a":"/etc/passwd")"), {"tensor 'a'", "not the name of a file beside"}},
    {"EmptyFileName", mapping(R"("a":"")"), {"tensor 'a'", "not the name of a file beside"}},
    {"ZeroInTheFileName", mapping(R"("a":"one.safetensors\u0000x")"), {"tensor 'a'", "\\x00x"}},
    {"MissingShard", mapping(R"("a":"two.safetensors")"), {"two.safetensors: cannot be opened"}},
    {"BrokenShard", mapping(R"("b":"cut.safetensors")"), {"cut.safetensors: tensor 'b': ends at byte 4"}},
    {"NotInItsShard",
     mapping(R"("a":"one.safetensors","b":"one.safetensors")"),
     {"tensor 'b': is not in", "one.safetensors, where the index says it is"}},
    {"IndexNamesItself", mapping(R"("a":"model.safetensors.index.json")"), {"declares a header"}},
};
INSTANTIATE_TEST_SUITE_P(All, BrokenIndex, ::testing::ValuesIn(cases), name_of);

TEST(Index, NestedAMillionDeep) {
  const folder scratch;
  expect_refused(scratch.file("i.json", deep(1'000'000)), {"index is nested more than 16 deep"});
}

TEST(Index, ThatLeavesATensorOut) {
  const folder scratch;
  scratch.file("one.safetensors", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                                              R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                                              "12345678"));
  expect_refused(scratch.file("i.json", mapping(R"("a":"one.safetensors")")),
                 {"one.safetensors: tensor 'b': is not in the index"});
}

}  // namespace
}  // namespace checkpoint_test
