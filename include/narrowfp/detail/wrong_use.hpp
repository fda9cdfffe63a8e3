// What a refusal says, as a type: g++ prints the text with the function's signature.
#pragma once

#include <cstddef>

namespace narrowfp::inline v0::detail {

template <std::size_t N>
struct message_text {
  char characters[N];
  consteval message_text(const char (&text)[N]) noexcept {
    for (std::size_t i = 0; i < N; ++i) {
      characters[i] = text[i];
    }
  }
};

template <message_text Text>
struct wrong_use {};

}  // namespace narrowfp::inline v0::detail
