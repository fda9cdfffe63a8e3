// The trivial conversions: what the machine can do at best with the same traffic.
#pragma once

#include "support/conversion.hpp"

namespace bench {

const conversion& truncate_f32_to_u8();
const conversion& extend_u8_to_f32();
const conversion& truncate_f32_to_u16();
const conversion& extend_u16_to_f32();
const conversion& truncate_u16_to_u8();
const conversion& extend_u8_to_u16();
const conversion& truncate_f32_to_nibbles();
const conversion& extend_nibbles_to_f32();
const conversion& truncate_u16_to_nibbles();
const conversion& extend_nibbles_to_u16();
const conversion& copy_f32();

}  // namespace bench
