// Macros that other people's headers leave behind, under the names that they have there. Each is defined so
// that any use of it is an error: what the real one expands to might happen to compile.
// clang-format off
#define NARROWFP_TEST_HIT )]}"a macro was hit"
// clang-format on

// Windows: windef.h, rpcndr.h, wingdi.h, winerror.h
#undef small
#undef min
#undef max
#undef near
#undef far
#undef interface
#undef hyper
#undef pascal
#undef cdecl
#undef IN
#undef OUT
#undef OPTIONAL
#undef ERROR
#undef CONST
#undef VOID
#undef ABSOLUTE
#undef RELATIVE
#undef TRANSPARENT
#undef STRICT
#undef DELETE
#define small NARROWFP_TEST_HIT
#define min(a, b) NARROWFP_TEST_HIT
#define max(a, b) NARROWFP_TEST_HIT
#define near NARROWFP_TEST_HIT
#define far NARROWFP_TEST_HIT
#define interface NARROWFP_TEST_HIT
#define hyper NARROWFP_TEST_HIT
#define pascal NARROWFP_TEST_HIT
#define cdecl NARROWFP_TEST_HIT
#define IN NARROWFP_TEST_HIT
#define OUT NARROWFP_TEST_HIT
#define OPTIONAL NARROWFP_TEST_HIT
#define ERROR NARROWFP_TEST_HIT
#define CONST NARROWFP_TEST_HIT
#define VOID NARROWFP_TEST_HIT
#define ABSOLUTE NARROWFP_TEST_HIT
#define RELATIVE NARROWFP_TEST_HIT
#define TRANSPARENT NARROWFP_TEST_HIT
#define STRICT NARROWFP_TEST_HIT
#define DELETE NARROWFP_TEST_HIT

// Arduino: Arduino.h, binary.h, WString.h
#undef abs
#undef round
#undef bit
#undef F
#undef sq
#undef radians
#undef degrees
#undef constrain
#undef word
#undef bitRead
#undef bitSet
#undef bitClear
#undef bitToggle
#undef bitWrite
#undef lowByte
#undef highByte
#undef interrupts
#undef _BV
#define abs(x) NARROWFP_TEST_HIT
#define round(x) NARROWFP_TEST_HIT
#define bit(b) NARROWFP_TEST_HIT
#define F(text) NARROWFP_TEST_HIT
#define sq(x) NARROWFP_TEST_HIT
#define radians(x) NARROWFP_TEST_HIT
#define degrees(x) NARROWFP_TEST_HIT
#define constrain(x, low, high) NARROWFP_TEST_HIT
#define word(...) NARROWFP_TEST_HIT
#define bitRead(value, bit) NARROWFP_TEST_HIT
#define bitSet(value, bit) NARROWFP_TEST_HIT
#define bitClear(value, bit) NARROWFP_TEST_HIT
#define bitToggle(value, bit) NARROWFP_TEST_HIT
#define bitWrite(value, bit, to) NARROWFP_TEST_HIT
#define lowByte(w) NARROWFP_TEST_HIT
#define highByte(w) NARROWFP_TEST_HIT
#define interrupts() NARROWFP_TEST_HIT
#define _BV(bit) NARROWFP_TEST_HIT
#undef B0
#undef B1
#undef B00
#undef B01
#undef B10
#undef B11
#undef HIGH
#undef LOW
#undef INPUT
#undef OUTPUT
#undef PI
#undef EULER
#undef DEFAULT
#undef EXTERNAL
#undef INTERNAL
#undef SERIAL
#undef DISPLAY
#undef CHANGE
#undef FALLING
#undef RISING
#define B0 NARROWFP_TEST_HIT
#define B1 NARROWFP_TEST_HIT
#define B00 NARROWFP_TEST_HIT
#define B01 NARROWFP_TEST_HIT
#define B10 NARROWFP_TEST_HIT
#define B11 NARROWFP_TEST_HIT
#define HIGH NARROWFP_TEST_HIT
#define LOW NARROWFP_TEST_HIT
#define INPUT NARROWFP_TEST_HIT
#define OUTPUT NARROWFP_TEST_HIT
#define PI NARROWFP_TEST_HIT
#define EULER NARROWFP_TEST_HIT
#define DEFAULT NARROWFP_TEST_HIT
#define EXTERNAL NARROWFP_TEST_HIT
#define INTERNAL NARROWFP_TEST_HIT
#define SERIAL NARROWFP_TEST_HIT
#define DISPLAY NARROWFP_TEST_HIT
#define CHANGE NARROWFP_TEST_HIT
#define FALLING NARROWFP_TEST_HIT
#define RISING NARROWFP_TEST_HIT

// C libraries: complex.h, math.h, ctype.h of newlib and others, sys/sysmacros.h; what compilers define
// themselves
#undef I
#undef complex
#undef imaginary
#undef DOMAIN
#undef SING
#undef OVERFLOW
#undef UNDERFLOW
#undef HUGE
#undef _B
#undef _C
#undef _L
#undef _N
#undef _P
#undef _S
#undef _U
#undef _X
#undef major
#undef minor
#undef makedev
#undef unix
#undef linux
#undef ON
#undef OFF
#undef TRUE
#undef FALSE
#define I NARROWFP_TEST_HIT
#define complex NARROWFP_TEST_HIT
#define imaginary NARROWFP_TEST_HIT
#define DOMAIN NARROWFP_TEST_HIT
#define SING NARROWFP_TEST_HIT
#define OVERFLOW NARROWFP_TEST_HIT
#define UNDERFLOW NARROWFP_TEST_HIT
#define HUGE NARROWFP_TEST_HIT
#define _B NARROWFP_TEST_HIT
#define _C NARROWFP_TEST_HIT
#define _L NARROWFP_TEST_HIT
#define _N NARROWFP_TEST_HIT
#define _P NARROWFP_TEST_HIT
#define _S NARROWFP_TEST_HIT
#define _U NARROWFP_TEST_HIT
#define _X NARROWFP_TEST_HIT
#define major(device) NARROWFP_TEST_HIT
#define minor(device) NARROWFP_TEST_HIT
#define makedev(major, minor) NARROWFP_TEST_HIT
#define unix NARROWFP_TEST_HIT
#define linux NARROWFP_TEST_HIT
#define ON NARROWFP_TEST_HIT
#define OFF NARROWFP_TEST_HIT
#define TRUE NARROWFP_TEST_HIT
#define FALSE NARROWFP_TEST_HIT

// Qt and X11
#undef emit
#undef slots
#undef signals
#undef foreach
#undef forever
#undef None
#undef Bool
#undef Status
#undef True
#undef False
#undef Always
#undef Success
#undef Unsorted
#define emit NARROWFP_TEST_HIT
#define slots NARROWFP_TEST_HIT
#define signals NARROWFP_TEST_HIT
#define foreach NARROWFP_TEST_HIT
#define forever NARROWFP_TEST_HIT
#define None NARROWFP_TEST_HIT
#define Bool NARROWFP_TEST_HIT
#define Status NARROWFP_TEST_HIT
#define True NARROWFP_TEST_HIT
#define False NARROWFP_TEST_HIT
#define Always NARROWFP_TEST_HIT
#define Success NARROWFP_TEST_HIT
#define Unsorted NARROWFP_TEST_HIT
