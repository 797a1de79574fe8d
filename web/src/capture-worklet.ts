/**
 * The capture worklet as a way to listen, for browsers that give no worker a track to read: fetched beside the
 * permission where it is needed.
 * @module
 */
import { attempt, audioError } from './audio-errors.ts';
import { type Capture, type CaptureListener, type CaptureSetting, loadWorklet } from './capture.ts';
import { bytesOf } from './pcm.ts';
import {
  CAPTURE_PROCESSOR,
  type CaptureCommand,
  type CaptureNotice,
  type CaptureOptions,
} from './worklet-messages.ts';

/** Frames that go back to the capture worklet in one message. */
const RECYCLED_AT_ONCE = 8;

/** As `openCapture`, by the worklet. */
export async function openWorklet(setting: CaptureSetting): Promise<Capture> {
  const { host, context, teardown, urls, line, listener, onFailed } = setting;
  await loadWorklet(context, urls.capture);
  const processorOptions: CaptureOptions = { frameSamples: setting.frameSamples };
  const node = attempt('The capture worklet could not be started.', () =>
    host.createWorklet(context, CAPTURE_PROCESSOR, {
      numberOfInputs: 1,
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions,
    }),
  );
  let microphone: MediaStreamAudioSourceNode | undefined;
  teardown.add(() => {
    microphone?.disconnect();
    node.disconnect();
    node.port.close();
  });
  node.onprocessorerror = () => onFailed(audioError('The capture worklet stopped working.'));
  // It says nothing there, but Safari runs only what leads to the loudspeaker.
  node.connect(context.destination);
  if (line) {
    const { port1, port2 } = host.createChannel();
    node.port.postMessage({ kind: 'through', port: port1 } satisfies CaptureCommand, [port1]);
    line.listen(port2);
  }
  return {
    kind: 'worklet',
    command: (command) => (line ? line.capture(command) : node.port.postMessage(command)),
    listen(stream) {
      if (!line && !microphone) hearWorklet(node.port, listener);
      const next = context.createMediaStreamSource(stream);
      microphone?.disconnect();
      microphone = next;
      next.connect(node);
    },
  };
}

function hearWorklet(port: MessagePort, listener: CaptureListener): void {
  const read: Int16Array<ArrayBuffer>[] = [];
  port.onmessage = ({ data }: MessageEvent<CaptureNotice>) => {
    if (data.kind === 'stopped') {
      listener.stopped();
      return;
    }
    const { samples, count, rms, peak } = data;
    // A copy, because a session that is moving keeps its frames while this array goes back.
    listener.frame(bytesOf(samples.slice(0, count)), { rms, peak });
    read.push(samples);
    if (read.length < RECYCLED_AT_ONCE) return;
    const frames = read.splice(0);
    port.postMessage(
      { kind: 'recycle', frames } satisfies CaptureCommand,
      frames.map(({ buffer }) => buffer),
    );
  };
}
