// Value-parameterised suites over formats by name.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "probe.hpp"

namespace support {

class format_suite : public testing::TestWithParam<std::string> {
 protected:
  const probe& subject() const { return find_probe(GetParam()); }
  const oracle::format& facts() const { return subject().facts(); }
};

}  // namespace support

/// Instantiates `suite` once for each name; the name ends the test's name.
#define SUPPORT_FOR_FORMATS(suite, names)                            \
  INSTANTIATE_TEST_SUITE_P(Formats, suite, testing::ValuesIn(names), \
                           [](const auto& instance) { return instance.param; })
