// Stands in for the header of this name in @tensorflow/tfjs-node-gpu, whose guard it takes. A tensor borrows the memory of the
// typed array that it was made from, and gives it back when nobody reads it any more: on a GPU that is a thread of
// TensorFlow's own, once the copy to the device is done. Node's references may be deleted on the thread that made them alone
// (https://nodejs.org/api/n-api.html), which the package's class does not see to. Here they wait until that thread makes
// its next one.
#ifndef TF_NODEJS_NAPI_AUTO_REF_H_
#define TF_NODEJS_NAPI_AUTO_REF_H_

#include <node_api.h>

#include <mutex>
#include <thread>
#include <vector>

namespace tfnodejs {

class NapiAutoRef {
 public:
  /** Keeps a value from Node's garbage collector; on the thread of `env`. */
  napi_status Init(napi_env env, napi_value value) {
    DeleteLeft(env);
    env_ = env;
    thread_ = std::this_thread::get_id();
    return napi_create_reference(env, value, 1, &ref_);
  }

  /** Gives it back; on any thread. */
  napi_status Cleanup() {
    if (ref_ == nullptr) return napi_invalid_arg;
    const napi_ref ref = ref_;
    ref_ = nullptr;
    if (std::this_thread::get_id() == thread_) return napi_delete_reference(env_, ref);
    const std::lock_guard<std::mutex> guard(Mutex());
    Left().push_back({env_, ref});
    return napi_ok;
  }

 private:
  struct LeftReference {
    napi_env env;
    napi_ref ref;
  };

  /** Deletes what other threads have left. */
  static void DeleteLeft(napi_env env) {
    const std::lock_guard<std::mutex> guard(Mutex());
    std::vector<LeftReference> others;
    for (const LeftReference& left : Left()) {
      if (left.env == env)
        napi_delete_reference(env, left.ref);
      else
        others.push_back(left);
    }
    Left().swap(others);
  }

  // Never destroyed: TensorFlow's threads may outlive the library's static objects.
  static std::mutex& Mutex() {
    static std::mutex* mutex = new std::mutex;
    return *mutex;
  }
  static std::vector<LeftReference>& Left() {
    static std::vector<LeftReference>* left = new std::vector<LeftReference>;
    return *left;
  }

  napi_env env_ = nullptr;
  napi_ref ref_ = nullptr;
  std::thread::id thread_;
};

}  // namespace tfnodejs

#endif  // TF_NODEJS_NAPI_AUTO_REF_H_
