// Removes every macro of kernels/target.hpp, so that none reaches the user's file.
#undef NARROWFP_INLINE
#undef NARROWFP_X86
#undef NARROWFP_NEON
#if defined(__NVCC__) && defined(__CUDACC__)
#pragma nv_diagnostic pop
#endif
