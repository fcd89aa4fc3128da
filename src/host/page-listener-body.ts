import type { Readable } from 'node:stream';

/** Bodies that are being read at a time: one more costs the one that has waited longest its place. */
const MOST = 256;

/** Reads the few bodies that an answer needs. However many visitors send one, memory is bounded: `MOST` times the limit. */
export class Bodies {
  /** What gives a body up, the longest waiting first. */
  readonly #open = new Set<() => void>();

  /** A body of at most `limit` bytes; null when it is longer, breaks off, or had to give way. It is not read on then. */
  read(stream: Readable, limit: number): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const end = (body: Uint8Array | null): void => {
        this.#open.delete(giveUp);
        stream.off('data', onData).off('end', onEnd).off('error', giveUp).off('close', giveUp);
        resolve(body);
      };
      const giveUp = (): void => end(null);
      const onEnd = (): void => end(Buffer.concat(chunks));
      const onData = (chunk: Buffer): void => {
        length += chunk.length;
        if (length > limit) end(null);
        else chunks.push(chunk);
      };
      if (this.#open.size >= MOST) this.#open.values().next().value?.();
      this.#open.add(giveUp);
      stream.on('data', onData).once('end', onEnd).once('error', giveUp).once('close', giveUp);
    });
  }
}
