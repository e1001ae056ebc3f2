/** Preloaded into every server (`node --import`): tells the harness what the process has used, and keeps nothing alive. */
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send!({ cpu: user + system, memory: process.memoryUsage.rss() });
});
process.channel?.unref();
// A harness that was killed leaves no server behind.
process.on('disconnect', () => process.exit(1));
