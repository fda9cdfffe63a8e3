// The compiler's own 16-bit types, as the documentation of each compiler tells where it has them:
// NARROWFP_TEST_FLOAT16 and NARROWFP_TEST_BFLOAT16 are their names, undefined where there is none.
#pragma once

#if defined(__x86_64__) && (defined(__clang__) ? __clang_major__ >= 15 : __GNUC__ >= 12)
#define NARROWFP_TEST_FLOAT16 _Float16
#elif defined(__aarch64__) && (defined(__clang__) || __GNUC__ >= 13)
#define NARROWFP_TEST_FLOAT16 _Float16
#endif

#if (defined(__x86_64__) || defined(__aarch64__)) && \
    (defined(__clang__) ? __clang_major__ >= 17 : __GNUC__ >= 13)
#define NARROWFP_TEST_BFLOAT16 __bf16
#endif
