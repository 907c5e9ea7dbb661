// TensorFlow 2.21 logs through Abseil, whose threshold is 0 until an initialisation that the C API never does, so every
// program that loads it would open with two lines about oneDNN on standard error, TF_CPP_MIN_LOG_LEVEL or not.
// The first such line comes from a static initialiser of libtensorflow_framework, too early for absl::SetMinLogLevel.
// The dynamic linker looks a library's names up in the binding before its dependencies, so this definition is the one
// that TensorFlow calls.
#include <cstdlib>

#include "absl/base/log_severity.h"
#include "absl/log/globals.h"

namespace absl {
ABSL_NAMESPACE_BEGIN
__attribute__((visibility("default"))) LogSeverityAtLeast MinLogLevel() {
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  return static_cast<LogSeverityAtLeast>(level ? std::atoi(level) : 1);
}
ABSL_NAMESPACE_END
}  // namespace absl
