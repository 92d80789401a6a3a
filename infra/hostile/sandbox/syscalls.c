/* System calls for the probes, with the arguments that JavaScript cannot give. Built without Node's headers. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef void *napi_env, *napi_value, *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
int napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
int napi_set_named_property(napi_env, napi_value, const char *, napi_value);
int napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
int napi_get_value_int64(napi_env, napi_value, int64_t *);
int napi_is_buffer(napi_env, napi_value, bool *);
int napi_get_buffer_info(napi_env, napi_value, void **, size_t *);
int napi_get_value_string_utf8(napi_env, napi_value, char *, size_t, size_t *);
int napi_create_int64(napi_env, int64_t, napi_value *);

#define CALL(name) {#name, SYS_##name}
static const struct { const char *name; long number; } calls[] = {
  CALL(add_key), CALL(bpf), CALL(chroot), CALL(clone3), CALL(execveat), CALL(fallocate), CALL(fsopen),
  CALL(init_module), CALL(io_uring_setup), CALL(ioctl), CALL(kcmp), CALL(keyctl), CALL(memfd_create),
  CALL(mknodat), CALL(mount), CALL(mq_open), CALL(name_to_handle_at), CALL(open_tree), CALL(perf_event_open),
  CALL(personality), CALL(pidfd_open), CALL(prlimit64), CALL(ptrace), CALL(sched_setaffinity), CALL(setns),
  CALL(shmget), CALL(socket), CALL(syslog), CALL(userfaultfd),
};

static napi_value number(napi_env env, int64_t value) {
  napi_value result;
  napi_create_int64(env, value, &result);
  return result;
}

static size_t read_arguments(napi_env env, napi_callback_info info, char *name, long *values, size_t from) {
  napi_value given[8];
  size_t count = 8;
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  if (name) napi_get_value_string_utf8(env, given[0], name, 64, NULL);
  for (size_t i = from; i < count; i++) {
    bool is_buffer = false;
    void *bytes;
    size_t length;
    int64_t integer = 0;
    napi_is_buffer(env, given[i], &is_buffer);
    if (is_buffer && napi_get_buffer_info(env, given[i], &bytes, &length) == 0) values[i - from] = (long)bytes;
    else if (napi_get_value_int64(env, given[i], &integer) == 0) values[i - from] = integer;
  }
  return count;
}

/* call(name, ...arguments): the result, or the negative error number. */
static napi_value call(napi_env env, napi_callback_info info) {
  char name[64] = "";
  long a[7] = {0};
  read_arguments(env, info, name, a, 1);
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    if (strcmp(calls[i].name, name)) continue;
    long result = syscall(calls[i].number, a[0], a[1], a[2], a[3], a[4], a[5]);
    return number(env, result < 0 ? -errno : result);
  }
  return number(env, -ENOSYS);
}

/* forkMany(count, cloneFlags): how many processes could be started; they are ended again. */
static napi_value fork_many(napi_env env, napi_callback_info info) {
  long a[7] = {0}, started = 0;
  read_arguments(env, info, NULL, a, 0);
  pid_t children[256];
  for (; started < a[0] && started < 256; started++) {
    pid_t child = syscall(SYS_clone, a[1] | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) { pause(); _exit(0); }
    if (child < 0) break;
    children[started] = child;
  }
  int error = errno;
  for (long i = 0; i < started; i++) { kill(children[i], SIGKILL); waitpid(children[i], NULL, 0); }
  return number(env, started ? started : -error);
}

static void *wait_for_ever(void *unused) { for (;;) pause(); return unused; }

/* threads(count): how many threads could be started; they stay. */
static napi_value threads(napi_env env, napi_callback_info info) {
  long a[7] = {0}, started = 0;
  read_arguments(env, info, NULL, a, 0);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 16384);
  pthread_t thread;
  while (started < a[0] && pthread_create(&thread, &small, wait_for_ever, NULL) == 0) started++;
  return number(env, started);
}

/* memory(megabytes, isShared): maps and touches it. */
static napi_value memory(napi_env env, napi_callback_info info) {
  long a[7] = {0};
  read_arguments(env, info, NULL, a, 0);
  size_t length = (size_t)a[0] << 20;
  char *start = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | (a[1] ? MAP_SHARED : MAP_PRIVATE), -1, 0);
  if (start == MAP_FAILED) return number(env, -errno);
  for (size_t at = 0; at < length; at += 4096) start[at] = 1;
  return number(env, a[0]);
}

/* execute(): becomes a shell. */
static napi_value execute(napi_env env, napi_callback_info info) {
  char *const arguments[] = {"sh", "-c", "echo OPEN a shell runs", NULL};
  (void)info;
  execv("/bin/sh", arguments);
  return number(env, -errno);
}

static void add(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  napi_create_function(env, name, strlen(name), function, NULL, &value);
  napi_set_named_property(env, exports, name, value);
}

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  add(env, exports, "call", call);
  add(env, exports, "forkMany", fork_many);
  add(env, exports, "threads", threads);
  add(env, exports, "memory", memory);
  add(env, exports, "execute", execute);
  return exports;
}
