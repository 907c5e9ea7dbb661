// TensorFlow 2.21 logs through Abseil, which heeds TF_CPP_MIN_LOG_LEVEL only after an initialisation that the C API never
// does: without this every program that loads it opens with two lines about oneDNN on standard error.
#include <cstdlib>

#include "absl/base/log_severity.h"
#include "absl/log/globals.h"

namespace {
struct Quiet {
  Quiet() {
    const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
    absl::SetMinLogLevel(static_cast<absl::LogSeverityAtLeast>(level ? std::atoi(level) : 1));
  }
} quiet;
}  // namespace
