/** A stream of media, then the same talk on another connection by its handle. */
import {
  type GenerativeContentBlob,
  getAI,
  getLiveGenerativeModel,
  type LiveServerContent,
} from 'firebase/ai';
import { eventually, outcome, readUntil, type Stage } from './stage.ts';

/** Runs it to its end. */
export async function mediaStream({ app, speech, note, ask }: Stage): Promise<void> {
  const model = getLiveGenerativeModel(getAI(app), {
    model: 'gemini-3.8-live',
    generationConfig: { inputAudioTranscription: {}, outputAudioTranscription: {} },
  });
  const session = await model.connect({});
  let handle: string | undefined;
  const isEnd = (message: { readonly type: string }): boolean =>
    message.type === 'serverContent' && (message as LiveServerContent).turnComplete === true;
  const first = session.receive();
  const reading = readUntil(first, (message) => {
    if (message.type === 'sessionResumptionUpdate') handle = message.newHandle ?? handle;
    return isEnd(message);
  });
  note('sendMediaStream()', await outcome(() => session.sendMediaStream(streamOf(speech))));
  note('a turn of audio', await reading);
  const updates = readUntil(first, (message) => {
    if (message.type === 'sessionResumptionUpdate') handle = message.newHandle ?? handle;
    return message.type === 'sessionResumptionUpdate';
  });
  note('after the turn', await updates);
  note('a handle', typeof handle);
  let timeLeft: unknown;
  const notice = readUntil(first, (message) => {
    if (message.type === 'goingAwayNotice') timeLeft = typeof message.timeLeft;
    return message.type === 'goingAwayNotice';
  });
  await ask('go-away');
  note('goAway', await notice);
  note('timeLeft', String(timeLeft));
  note(
    'resumeSession() with the handle',
    await outcome(() => session.resumeSession(handle === undefined ? {} : { handle })),
  );
  note('isClosed on the new connection', String(session.isClosed));
  note('the receive() of before', await readUntil(first, () => false));
  const second = session.receive();
  await session.send('Are you still there?');
  note('a turn on the new connection', await readUntil(second, isEnd));
  const [chunk = ''] = speech;
  note(
    'sendMediaChunks()',
    await outcome(() => session.sendMediaChunks([{ mimeType: 'audio/pcm;rate=16000', data: chunk }])),
  );
  note(
    'a stream that breaks',
    await outcome(() =>
      session.sendMediaStream(
        new ReadableStream({
          start: (controller) => controller.error(new Error('the camera is gone')),
        }),
      ),
    ),
  );
  await ask('quiet');
  await session.send('One more?');
  await ask('another-turn');
  await ask('close');
  await eventually(() => session.isClosed);
  note('what waited when the server closed', await readUntil(second, () => false));
  note('isClosed after the server closed', String(session.isClosed));
  note('resumeSession() after the server closed', await outcome(() => session.resumeSession({})));
  note(
    'resumeSession() with a handle that nobody gave',
    await outcome(() => session.resumeSession({ handle: 'unknown' })),
  );
  await session.close();
  note('isClosed at the end', String(session.isClosed));
  note('sendMediaStream() after close()', await outcome(() => session.sendMediaStream(streamOf(speech))));
  note(
    'sendMediaChunks() after close()',
    await outcome(() => session.sendMediaChunks([{ mimeType: 'audio/pcm', data: chunk }])),
  );
}

function streamOf(chunks: readonly string[]): ReadableStream<GenerativeContentBlob> {
  return new ReadableStream({
    start(controller) {
      for (const data of chunks) controller.enqueue({ mimeType: 'audio/pcm;rate=16000', data });
      controller.close();
    },
  });
}
