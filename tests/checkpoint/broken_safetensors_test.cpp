#include <sys/stat.h>

#include "broken.hpp"

namespace checkpoint_test {
namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

/// A header of one tensor t with these fields, and eight bytes of data.
std::string fields(const std::string& text) { return safetensors("{\"t\":{" + text + "}}", "12345678"); }

/// Two tensors of two floats each at these offsets in 16 bytes.
std::string two_at(const std::string& a, const std::string& b) {
  return safetensors("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + a +
                         "},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + b + "}}",
                     "0123456789abcdef");
}

std::string declaring(std::uint64_t length, const std::string& rest) {
  return bytes_of<std::uint64_t>({length}) + rest;
}

class BrokenSafetensors : public ::testing::TestWithParam<broken_file> {};

TEST_P(BrokenSafetensors, IsRefused) {
  const folder scratch;
  expect_refused(scratch.file("m.safetensors", GetParam().bytes), GetParam().words);
}

const broken_file prefix_cases[] = {
    {"Empty", "", {"m.safetensors: is empty"}},
    {"SevenBytes", "1234567", {"has 7 bytes"}},
    {"HeaderLongerThanTheFile", declaring(100, "{}"), {"a header of 100 bytes", "only 2 follow"}},
    {"HeaderOfTwoToThe63",
     declaring(std::uint64_t{1} << 63, "{}"),
     {"a header of 9223372036854775808 bytes"}},
    {"HeaderOfAllOnes", declaring(~std::uint64_t{0}, "{}"), {"a header of 18446744073709551615 bytes"}},
    {"HeaderOverTheLimit", declaring(100'000'001, "{}"), {"100000001", "is not safetensors"}},
    {"NoHeader", declaring(0, ""), {"header is not valid JSON"}},
};
INSTANTIATE_TEST_SUITE_P(Prefix, BrokenSafetensors, ::testing::ValuesIn(prefix_cases), name_of);

const broken_file json_cases[] = {
    {"NotJson", safetensors("hello", ""), {"header is not valid JSON at byte 1"}},
    {"CutOff", safetensors("{\"t\":{\"dtype\":\"F3", ""), {"header is not valid JSON"}},
    {"AnArray", safetensors("[]", ""), {"header has an array where its one object should be"}},
    {"ANumber", safetensors("17", ""), {"header has a number where its one object should be"}},
    {"Null", safetensors("null", ""), {"header has null where its one object should be"}},
    {"TwoObjects", safetensors("{}{}", ""), {"header is not valid JSON"}},
    {"PaddedWithZeros",
     safetensors(std::string("{}\0\0", 4), ""),
     {"header is not valid JSON at byte 3: a zero byte"}},
    {"NotUtf8", safetensors("{\"\xFF\xFE\":{}}", ""), {"header is not valid JSON", "UTF-8"}},
    {"NotUtf8InASurrogate", safetensors("{\"\xED\xA0\x80\":{}}", ""), {"not valid JSON", "UTF-8"}},
    {"LoneSurrogate", safetensors("{\"\\ud800\":{}}", ""), {"not valid JSON", "surrogate"}},
    {"NameTwice",
     safetensors(R"({"t":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)"
                 R"("t":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})",
                 ""),
     {"header names 't' twice"}},
    {"MetadataTwice",
     safetensors(R"({"__metadata__":{},"__metadata__":{}})", ""),
     {"header names '__metadata__' twice"}},
    {"MetadataKeyTwice", safetensors(R"({"__metadata__":{"a":"1","a":"2"}})", ""), {"'a'", "twice"}},
    {"MetadataOfNumbers",
     safetensors(R"({"__metadata__":{"a":1}})", ""),
     {"header has a number as a of '__metadata__', where a string should be"}},
    {"MetadataIsAString", safetensors(R"({"__metadata__":"a"})", ""), {"has a string under '__metadata__'"}},
    {"TensorIsANumber", safetensors(R"({"t":1})", ""), {"has a number under 't', where an object should be"}},
};
INSTANTIATE_TEST_SUITE_P(Json, BrokenSafetensors, ::testing::ValuesIn(json_cases), name_of);

const broken_file field_cases[] = {
    {"NoDtype", fields(R"("shape":[2],"data_offsets":[0,8])"), {"tensor 't': has no dtype"}},
    {"NoShape", fields(R"("dtype":"F32","data_offsets":[0,8])"), {"tensor 't': has no shape"}},
    {"NoOffsets", fields(R"("dtype":"F32","shape":[2])"), {"tensor 't': has no data_offsets"}},
    {"FieldTwice", fields(R"("dtype":"F32","dtype":"F32")"), {"tensor 't': has its dtype twice"}},
    {"UnknownFieldAlone", fields(R"("colour":"red")"), {"tensor 't': has no dtype"}},
    {"UnknownDtype",
     fields(R"("dtype":"F7","shape":[2],"data_offsets":[0,8])"),
     {"tensor 't': has dtype 'F7', which safetensors does not define"}},
    {"DtypeIsANumber", fields(R"("dtype":32)"), {"has a number as dtype of 't', where a string should be"}},
    {"ShapeIsAString", fields(R"("shape":"2")"), {"has a string as shape of 't'"}},
    {"NegativeAxis", fields(R"("shape":[-2])"), {"has a negative number as shape of 't'"}},
    {"FractionalAxis", fields(R"("shape":[2.5])"), {"has a number that is not a whole one as shape of 't'"}},
    {"AxisBeyond64Bits", fields(R"("shape":[18446744073709551616])"), {"not a whole one as shape of 't'"}},
    {"AxisBeyondDouble", fields(R"("shape":[1e999])"), {"header is not valid JSON"}},
    {"NullAxis", fields(R"("shape":[null])"), {"has null as shape of 't'"}},
    {"ObjectInAShape", fields(R"("shape":[{}])"), {"has an object as shape of 't'"}},
    {"ThirtyThreeAxes", fields("\"shape\":[" + repeated("1,", 32) + "1]"), {"more than 32 axes"}},
    {"OneOffset",
     fields(R"("dtype":"F32","shape":[2],"data_offsets":[8])"),
     {"tensor 't': data_offsets has fewer than two numbers"}},
    {"ThreeOffsets", fields(R"("data_offsets":[0,8,9])"), {"data_offsets has more than two numbers"}},
    {"OffsetsBackwards",
     fields(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"),
     {"tensor 't': begins at byte 8 of the data and ends before, at 0"}},
    {"EndsPastTheFile",
     fields(R"("dtype":"F32","shape":[3],"data_offsets":[0,12])"),
     {"tensor 't': ends at byte 12 of the data, but the file has only 8"}},
    {"EndsAtTheLargestNumber",
     fields(R"("dtype":"U8","shape":[1],"data_offsets":[0,18446744073709551615])"),
     {"tensor 't': ends at byte 18446744073709551615"}},
    {"ShapeNeedsMore",
     fields(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])"),
     {"tensor 't': has 8 bytes, but dtype F32 and shape [3] need 12"}},
    {"ProductOverflowsToTheRightSize",
     fields(R"("dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8])"),
     {"tensor 't': has shape [4294967296, 4294967296, 2], whose product is too large"}},
    {"BitsOverflow",
     fields(R"("dtype":"F64","shape":[2305843009213693953],"data_offsets":[0,8])"),
     {"tensor 't'", "product is too large"}},
    {"HalfAByte",
     fields(R"("dtype":"F4","shape":[15],"data_offsets":[0,8])"),
     {"tensor 't': has 15 elements of dtype F4, which do not fill whole bytes"}},
    {"Overlapping", two_at("[0,8]", "[4,12]"), {"tensor 'b': overlaps another tensor"}},
    {"TheSamePlace", two_at("[8,16]", "[8,16]"), {"tensor"}},
    {"Hole",
     safetensors(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                 R"("b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}})",
                 "123456"),
     {"tensor 'b': leaves a hole before it, bytes 2 to 4 of the data"}},
    {"BytesAfterTheLast", two_at("[0,8]", "[8,16]") + "x", {"has 1 bytes after its last tensor"}},
    {"BytesOfNoTensor", safetensors("{}", "1"), {"has 1 bytes after its last tensor"}},
    {"NameThatDrivesTheTerminal",
     safetensors("{\"\\u001b[2J\\n\":{\"dtype\":\"F7\",\"shape\":[],"
                 "\"data_offsets\":[0,0]}}",
                 ""),
     {"tensor '\\x1b[2J\\x0a': has dtype 'F7'"}},
};
INSTANTIATE_TEST_SUITE_P(Fields, BrokenSafetensors, ::testing::ValuesIn(field_cases), name_of);

TEST(BrokenFile, IsNestedAMillionDeep) {
  const folder scratch;
  const std::size_t levels = 1'000'000;
  expect_refused(scratch.file("a", safetensors(repeated("[", levels), "")), {"has an array"});
  expect_refused(scratch.file("b", safetensors(repeated("{\"a\":", levels), "")),
                 {"header is not valid JSON"});
  expect_refused(scratch.file("c", safetensors("{\"t\":{\"shape\":" + repeated("[", levels), "")),
                 {"has an array as shape of 't'"});
  expect_refused(scratch.file("d", safetensors("{\"t\":{\"dtype\":" + repeated("{\"a\":", levels), "")),
                 {"has an object as dtype of 't'"});
}

TEST(BrokenFile, DoesNotExist) {
  const folder scratch;
  expect_refused(scratch.path("none.safetensors"), {"none.safetensors: cannot be opened"});
}

TEST(BrokenFile, IsAFolder) {
  const folder scratch;
  expect_refused(scratch.root() + "/", {"is a folder without a .safetensors or .gguf file"});
}

TEST(BrokenFile, IsAPipeThatNobodyWrites) {
  const folder scratch;
  ASSERT_EQ(0, ::mkfifo(scratch.path("pipe").c_str(), 0600));
  expect_refused(scratch.path("pipe"), {"is not a regular file"});
}

// Every truncation of a sound file is an error, never a shorter result.
TEST(BrokenFile, EveryTruncation) {
  const folder scratch;
  const std::string sound = one_tensor("F32", "[2]", bytes_of<float>({1, 2}));
  ASSERT_EQ(inspect({scratch.file("m", sound)}).status, 0);
  for (std::size_t n = 0; n < sound.size(); ++n) {
    SCOPED_TRACE(n);
    expect_refused(scratch.file("m", sound.substr(0, n)), {});
  }
}

}  // namespace
}  // namespace checkpoint_test
