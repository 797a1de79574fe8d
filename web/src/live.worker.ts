/**
 * The live worker: the socket and the microphone off the page's thread, where sound goes between the two without it.
 * A shell around {@link LiveDesk}. A bundle entry of its own; the page loads it as a file.
 * @module
 */
import { LiveDesk } from './live-desk.ts';
import { openWebSocket } from './web-socket-handler.ts';
import type { WorkerCommand, WorkerNotice } from './worker-messages.ts';

const post = (notice: WorkerNotice, transfer: Transferable[] = []): void =>
  self.postMessage(notice, { transfer });
const desk = new LiveDesk({
  openSocket: openWebSocket,
  post,
  after: (ms, wake) => void setTimeout(wake, ms),
});
self.onmessage = ({ data }: MessageEvent<WorkerCommand>) => desk.obey(data);
post({ kind: 'ready' });
