#include "broken.hpp"

namespace checkpoint_test {
namespace {

class BrokenNpy : public ::testing::TestWithParam<broken_file> {};

TEST_P(BrokenNpy, IsRefused) {
  const folder scratch;
  expect_refused(scratch.file("a.npy", GetParam().bytes), GetParam().words);
}

const std::string eight = "12345678";

std::string of_descr(const std::string& descr) { return npy(descr, false, "(1,)", eight); }
std::string of_shape(const std::string& shape) { return npy("<f4", false, shape, eight); }

const broken_file cases[] = {
    {"MagicAlone", "\x93NUMPY", {"a.npy: ends at byte 6"}},
    {"Version0", std::string("\x93NUMPY\0\0\0\0", 10), {"is of .npy version 0"}},
    {"Version4", std::string("\x93NUMPY\x04\0\0\0", 10), {"is of .npy version 4"}},
    {"HeaderLongerThanTheFile",
     std::string("\x93NUMPY\x01\0\xFF\0{}", 12),
     {"a header of 255 bytes, but only 2 follow"}},
    {"HeaderOf4GiB", std::string("\x93NUMPY\x02\0\xFF\xFF\xFF\xFF", 12), {"a header of 4294967295 bytes"}},
    {"EmptyHeader", std::string("\x93NUMPY\x01\0\0\0", 10), {"header has '' where '{' should be"}},
    {"NotADictionary", npy("[1, 2]", eight), {"where '{' should be"}},
    {"Unclosed", npy("{'descr': '<f4'", eight), {"where '}' should be"}},
    {"EmptyDictionary", npy("{}", eight), {"header lacks descr, fortran_order or shape"}},
    {"NoShape", npy("{'descr': '<f4', 'fortran_order': False}", eight), {"header lacks"}},
    {"KeyTwice", npy("{'descr': '<f4', 'descr': '<f4'}", eight), {"header has a second key 'descr'"}},
    {"UnknownKey", npy("{'order': 'C'}", eight), {"header has an unknown key 'order'"}},
    {"MoreAfterTheDictionary",
     npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + 1", eight),
     {"where the end should be"}},
    {"OrderIsANumber", npy("{'fortran_order': 1}", eight), {"where True or False should be"}},
    {"OpenQuote", npy("{'descr: 1", eight), {"where a quoted word should be"}},
    {"Structured",
     npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,)}", eight),
     {"holds structured elements"}},
    {"Integers", of_descr("<i4"), {"has an array of dtype '<i4'; f2, f4, f8"}},
    {"Objects", of_descr("|O"), {"dtype '|O'"}},
    {"LongDouble", of_descr("<f16"), {"dtype '<f16'"}},
    {"NoByteOrder", of_descr("xf4"), {"dtype 'xf4'"}},
    {"EmptyDescr", of_descr(""), {"dtype ''"}},
    {"OneByteOfSomeType", of_descr("<V1"), {"unnamed type", "--npy-dtype float8_e4m3fn"}},
    {"NegativeAxis", of_shape("(-2,)"), {"where a whole number below 2^64 should be"}},
    {"AxisBeyond64Bits", of_shape("(18446744073709551616,)"), {"where a whole number below 2^64 should be"}},
    {"ShapeIsAList", of_shape("[2]"), {"where '(' should be"}},
    {"ProductOverflows", of_shape("(4294967296, 4294967296, 2)"), {"whose product is too large"}},
    {"TooFewBytes", of_shape("(3,)"), {"has 8 bytes of data, but dtype <f4 and shape [3] need 12"}},
    {"TooManyBytes", of_shape("(1,)"), {"has 8 bytes of data, but dtype <f4 and shape [1] need 4"}},
};
INSTANTIATE_TEST_SUITE_P(All, BrokenNpy, ::testing::ValuesIn(cases), name_of);

TEST(NpyDtype, HasToFitTheElements) {
  const folder scratch;
  const std::string file = scratch.file("a.npy", npy("<V2", false, "(4,)", eight));
  expect_refused(file, {"has elements of two bytes, which --npy-dtype float8_e5m2 is not"},
                 {"--npy-dtype", "float8_e5m2"});
}

}  // namespace
}  // namespace checkpoint_test
