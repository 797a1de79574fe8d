/**
 * Sends a stream of media, chunk by chunk: firebase/ai's older way. Fetched at its first use.
 * @module
 */
import type { GenerativeContentBlob } from './content-types.ts';
import { AIError } from './errors.ts';

/**
 * Gives each chunk to `send`, one after the other. Rejects with {@link AIError} `request-error`, and cancels the
 * stream, where it cannot go on.
 */
export async function sendStream(
  stream: ReadableStream<GenerativeContentBlob>,
  send: (chunk: GenerativeContentBlob) => Promise<void>,
): Promise<void> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (!read.value) throw new Error('A chunk of the stream is missing.');
      await send(read.value);
    }
  } catch (cause) {
    reader.cancel(cause).catch(() => {});
    if (cause instanceof AIError && cause.code === 'request-error') throw cause;
    const detail = cause instanceof Error ? cause.message : 'unknown error';
    throw new AIError('request-error', `The media stream could not be sent: ${detail}`, undefined, { cause });
  } finally {
    reader.releaseLock();
  }
}
