// What tests of whole checkpoints share: the samples of other packages, values by name, conversions.
#pragma once

#include <string>
#include <vector>

#include "program.hpp"
#include "readers.hpp"

namespace checkpoint_test {

/// A file or folder of tests/golden/checkpoints.
std::string golden(const std::string& name);

/// A file of tests/golden/files.
std::string case_file(const std::string& name);

/// run with the command convert before the arguments.
outcome convert(std::vector<std::string> arguments);

/// Null where the model has no parameter of that name.
const checkpoint::parameter* find(const checkpoint::model& m, const std::string& name);

std::vector<float> values_of(const checkpoint::parameter& p);

/// The values of one parameter; fails the test where there is none of that name.
std::vector<float> values_in(const std::string& path, const std::string& name);

/// Equal as bits, but for the sign of a zero and the payload of a NaN.
bool same(float a, float b);

/// The bytes of a part of a parameter.
std::string bytes_of_part(const checkpoint::tensor& part);

}  // namespace checkpoint_test
