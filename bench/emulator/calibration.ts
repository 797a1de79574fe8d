/**
 * Which message of the stream ends each question, and how long its echo is: asked of an emulator that does nothing
 * else. The detector counts samples and no time, so it is the same under load.
 * @module
 */
import { WebSocket } from 'ws';
import { audioSamplesIn, liveUrl, SETUP, spokenMessages } from './spoken-stream.ts';

/** What becomes of one question. */
export interface PlannedTurn {
  /** Index, from the start of the session, of the message that ends it. */
  readonly decidingFrame: number;
  /** Samples of its answer, at 24 kHz. */
  readonly answerSamples: number;
}

/** Asks an emulator that answers at once and all at once. */
export async function calibrate(host: string, turns: number): Promise<readonly PlannedTurn[]> {
  const socket = new WebSocket(liveUrl(host), { perMessageDeflate: false });
  let samples = 0;
  socket.on('message', (data: Buffer) => {
    samples += audioSamplesIn(data.toString());
  });
  await once(socket, 'open');
  socket.send(SETUP);
  await once(socket, 'message');
  const messages = spokenMessages();
  const planned: PlannedTurn[] = [];
  for (let index = 0; index < messages.length * turns; index++) {
    const before = samples;
    socket.send(messages[index % messages.length] ?? '', { binary: false });
    // What follows from a message leaves before the answer to the ping behind it.
    socket.ping();
    await once(socket, 'pong');
    if (samples > before) planned.push({ decidingFrame: index, answerSamples: samples - before });
  }
  socket.close();
  if (planned.length !== turns) throw new Error(`${turns} questions made ${planned.length} answers.`);
  return planned;
}

function once(socket: WebSocket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once(event, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}
