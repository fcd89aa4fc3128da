/** Waits for a signal that ends this process, or for `other`; says which came first. */
export async function untilStopped(other: Promise<unknown>): Promise<'stopped' | 'other'> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let stop: () => void = () => undefined;
  const stopped = new Promise<'stopped'>((done) => (stop = () => done('stopped')));
  for (const s of signals) process.on(s, stop);
  try {
    return await Promise.race([stopped, other.then(() => 'other' as const)]);
  } finally {
    for (const s of signals) process.off(s, stop);
  }
}
