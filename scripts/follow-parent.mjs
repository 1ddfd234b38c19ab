// Loaded into a child (node --import): when the process that started it is gone without a word, it stops in order too.
// Jest's workers inherit the option, and have a parent that minds them.
if (!process.env.JEST_WORKER_ID) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
