// What the unit with other flags offers.
#pragma once
#include <narrowfp/narrowfp.hpp>
#include <span>

void pack_in_another_unit(std::span<const float> values, std::span<narrowfp::fp8_e4m3> codes);
