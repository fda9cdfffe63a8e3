// Removes every helper macro of detail/config.hpp, so that none reaches the user's file.
#undef NARROWFP_INLINE
#undef NARROWFP_REFUSAL
#undef NARROWFP_REFUSED
