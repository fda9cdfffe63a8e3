// The C interface. Every function returns 0, or 1 after an error that peers_error() tells.
#include "library.hpp"

#include <exception>
#include <initializer_list>
#include <string>

namespace {

std::string message;

template <class Calls>
const Calls* find(std::initializer_list<std::span<const Calls>> tables, const std::string& name) {
  for (const std::span<const Calls> table : tables) {
    for (const Calls& calls : table) {
      if (calls.name == name) {
        return &calls;
      }
    }
  }
  message = "the library of the comparison has no " + name;
  return nullptr;
}

const peers::value_calls* value(const char* name) {
  return find<peers::value_calls>(
      {peers::fp8_values(), peers::fnuz_values(), peers::small_values(), peers::scale_and_wide_values()},
      name);
}

const peers::block_calls* block(const char* name) {
  return find<peers::block_calls>({peers::mx_blocks(), peers::other_blocks()}, name);
}

/// Runs call() if there are calls; 1 where it answers false or throws.
template <class Calls, class Function>
int guarded(const Calls* calls, Function call) {
  if (calls == nullptr) {
    return 1;
  }
  try {
    if (call(*calls)) {
      return 0;
    }
    message = std::string(calls->name) + " does not take this scalar here";
  } catch (const std::exception& error) {
    message = error.what();
  }
  return 1;
}

}  // namespace

extern "C" {

const char* peers_error() { return message.c_str(); }

const char* peers_best_isa() { return narrowfp::isa_name(narrowfp::best_isa()); }

int peers_pack(const char* format, int from, const void* in, void* codes, std::size_t n,
               const peers::options* o) {
  return guarded(value(format), [&](const peers::value_calls& calls) {
    return calls.pack(static_cast<peers::scalar>(from), in, codes, n, *o);
  });
}

int peers_unpack(const char* format, const void* codes, int to, void* out, std::size_t n,
                 const peers::options* o) {
  return guarded(value(format), [&](const peers::value_calls& calls) {
    return calls.unpack(codes, static_cast<peers::scalar>(to), out, n, *o);
  });
}

int peers_round(const char* format, int from, const void* in, const std::uint32_t* random, void* codes,
                std::size_t n, const peers::options* o) {
  return guarded(value(format), [&](const peers::value_calls& calls) {
    return calls.round(static_cast<peers::scalar>(from), in, random, codes, n, *o);
  });
}

int peers_arithmetic(const char* format, int operation, const void* a, const void* b, void* codes,
                     std::size_t n) {
  return guarded(value(format), [&](const peers::value_calls& calls) {
    calls.arithmetic(operation, a, b, codes, n);
    return true;
  });
}

int peers_block_shape(const char* format, std::size_t* elements, std::size_t* bytes) {
  return guarded(block(format), [&](const peers::block_calls& calls) {
    *elements = calls.elements;
    *bytes = calls.bytes;
    return true;
  });
}

int peers_quantize(const char* format, int from, const void* in, std::size_t n, void* blocks,
                   const peers::options* o) {
  return guarded(block(format), [&](const peers::block_calls& calls) {
    return calls.quantize(static_cast<peers::scalar>(from), in, n, blocks, *o);
  });
}

int peers_dequantize(const char* format, const void* blocks, int to, void* out, std::size_t n,
                     const peers::options* o) {
  return guarded(block(format), [&](const peers::block_calls& calls) {
    return calls.dequantize(blocks, static_cast<peers::scalar>(to), out, n, *o);
  });
}

int peers_to_ggml(const char* format, const void* blocks, std::size_t count, void* out) {
  return guarded(block(format), [&](const peers::block_calls& calls) {
    if (calls.to_ggml == nullptr) {
      return false;
    }
    calls.to_ggml(blocks, count, out);
    return true;
  });
}

}  // extern "C"
