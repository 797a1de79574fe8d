import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeAudio } from '../test-support/fake-audio.ts';
import { audioData, FakeSession, spoken } from '../test-support/fake-session.ts';
import { openConversation, startAudioConversation, startConversation } from './audio-conversation.ts';
import type { ConversationEnd } from './conversation-events.ts';
import type { AudioConversation, AudioConversationOptions } from './conversation-options.ts';
import { AIError } from './errors.ts';
import { ScriptedStage, settled } from './testing.ts';

async function talking(
  options: AudioConversationOptions & { readonly session?: FakeSession } = {},
): Promise<{ audio: FakeAudio; session: FakeSession; conversation: AudioConversation }> {
  const audio = new FakeAudio();
  const session = options.session ?? new FakeSession();
  const conversation = await openConversation(session.session, options, audio.host);
  return { audio, session, conversation };
}
const frame = (...samples: number[]) => ({
  kind: 'frame',
  samples: Int16Array.from(samples),
  count: samples.length,
  rms: 0.5,
  peak: 0.7,
});
const played = (audio: FakeAudio): unknown[] =>
  audio.playback.sent.map(({ message }) =>
    message.kind === 'play' ? [...(message.samples as Int16Array)] : message.kind,
  );
const report = (more: object) => ({
  kind: 'report',
  report: {
    state: 'playing',
    queuedSamples: 0,
    playedSamples: 0,
    discardedSamples: 0,
    gaps: 0,
    gapMs: 0,
    rms: 0,
    peak: 0,
    windows: new Float32Array(0),
    ...more,
  },
});

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 0));
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled, 'unhandled rejections [W42]').toEqual([]);
});

describe('startAudioConversation', () => {
  it('refuses a closed session before anything else', async () => {
    const session = new FakeSession();
    session.isClosed = true;
    session.inConversation = true;
    await expect(startAudioConversation(session.session)).rejects.toMatchObject({ code: 'session-closed' });
  });

  it('refuses a second conversation before it looks at the browser', async () => {
    const session = new FakeSession();
    session.inConversation = true;
    await expect(startAudioConversation(session.session)).rejects.toMatchObject({ code: 'request-error' });
  });

  it('says what this environment lacks, and leaves the session free', async () => {
    const session = new FakeSession();
    const error = await startAudioConversation(session.session).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AIError);
    expect(error).toMatchObject({ code: 'unsupported' });
    expect(session.inConversation).toBe(false);
  });

  it('passes the host’s own words on where the page is not secure', async () => {
    const audio = new FakeAudio();
    audio.obstacle = { message: 'Serve it by https://.', isInsecure: true };
    await expect(openConversation(new FakeSession().session, {}, audio.host)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('https://'),
      customErrorData: { audio: 'insecure-origin' },
    });
  });

  it.each([9, 41, Number.NaN])('refuses frames of %d ms before it opens anything', async (frameMs) => {
    const audio = new FakeAudio();
    const session = new FakeSession();
    await expect(openConversation(session.session, { frameMs }, audio.host)).rejects.toMatchObject({
      code: 'request-error',
    });
    expect([audio.asked, session.inConversation]).toEqual([[], false]);
  });

  it('answers firebase/ai’s handle and nothing beyond it', async () => {
    const audio = new FakeAudio();
    const controller = await startConversation(new FakeSession().session, {}, audio.host);
    expect(Object.keys(controller)).toEqual(['stop']);
    await controller.stop();
    expect(audio.open).toEqual([]);
  });

  it('lets one of two calls at the same time through [W11]', async () => {
    const audio = new FakeAudio();
    const session = new FakeSession();
    const results = await Promise.allSettled([
      openConversation(session.session, {}, audio.host),
      openConversation(session.session, {}, audio.host),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(results[1]).toMatchObject({ reason: { code: 'request-error' } });
    expect(audio.asked).toHaveLength(1);
  });

  it('frees the session when the microphone is refused', async () => {
    const audio = new FakeAudio();
    const session = new FakeSession();
    const refused = new DOMException('Permission denied', 'NotAllowedError');
    audio.prompt = () => Promise.reject(refused);
    await expect(openConversation(session.session, {}, audio.host)).rejects.toMatchObject({
      code: 'error',
      customErrorData: { audio: 'microphone-denied' },
      cause: refused,
    });
    await expect(startConversation(session.session, {}, audio.host)).rejects.toBe(refused);
    expect(session.inConversation).toBe(false);
    expect(audio.open).toEqual([]);
  });

  it('closes everything when the session ends while the user is asked', async () => {
    const audio = new FakeAudio();
    const session = new FakeSession();
    audio.prompt = async () => {
      session.isClosed = true;
    };
    await expect(openConversation(session.session, {}, audio.host)).rejects.toMatchObject({
      code: 'session-closed',
    });
    expect(audio.open).toEqual([]);
    expect(session.inConversation).toBe(false);
  });
});

describe('errors of a conversation', () => {
  const named = (code: string) => ({ code, customErrorData: { sessionId: 'session-0001' } });
  const connected = (): FakeSession => Object.assign(new FakeSession(), { sessionId: 'session-0001' });

  it('name the session that they are about, before it runs', async () => {
    const { host, context } = new FakeAudio();
    const session = connected();
    const opening = (options: AudioConversationOptions = {}) =>
      openConversation(session.session, options, host);
    await expect(opening({ frameMs: 5 })).rejects.toMatchObject(named('request-error'));
    Object.assign(session, { inConversation: true });
    await expect(opening()).rejects.toMatchObject(named('request-error'));
    Object.assign(session, { inConversation: false, isClosed: true });
    await expect(opening()).rejects.toMatchObject(named('session-closed'));
    Object.assign(session, { isClosed: false });
    context.failures.set('addModule', new Error('404'));
    await expect(opening()).rejects.toMatchObject(named('error'));
  });

  it('name it while it runs, and leave their other data', async () => {
    const { audio, conversation, session } = await talking({ session: connected() });
    const throwing = (act: () => void): unknown => {
      try {
        return act();
      } catch (error) {
        return error;
      }
    };
    expect(throwing(() => conversation.setVolume(2))).toMatchObject(named('request-error'));
    expect(throwing(() => conversation.press())).toMatchObject(named('request-error'));
    expect(throwing(() => conversation.release())).toMatchObject(named('request-error'));
    await expect(conversation.chooseSpeaker('hall')).rejects.toMatchObject(named('unsupported'));
    audio.prompt = () => Promise.reject(new DOMException('No.', 'NotAllowedError'));
    await expect(conversation.chooseMicrophone('desk')).rejects.toMatchObject({
      customErrorData: { audio: 'microphone-denied', sessionId: 'session-0001' },
    });
    const lost: unknown[] = [];
    conversation.on('microphoneLost', ({ error }) => lost.push(error));
    audio.track.dispatchEvent(new Event('ended'));
    await vi.waitFor(() => expect(lost).toHaveLength(1));
    expect(lost[0]).toMatchObject({
      customErrorData: { audio: 'microphone-lost', sessionId: 'session-0001' },
    });
    audio.nodes[0]?.onprocessorerror?.();
    await expect(conversation.done).resolves.toMatchObject({ error: named('error') });
    expect(session.inConversation).toBe(false);
  });
});

describe('a conversation', () => {
  it('sends every frame of the microphone, in order', async () => {
    const { audio, session } = await talking();
    audio.capture.say(frame(1, 2));
    audio.capture.say(frame(-1));
    expect(session.sent).toEqual([{ pcm: [1, 0, 2, 0] }, { pcm: [255, 255] }]);
  });

  it('sends frames as audio messages with their rate to a session that is not ours', async () => {
    const { audio, session } = await talking({ session: new FakeSession({ withInternals: false }) });
    audio.capture.say(frame(1, -1));
    expect(session.sent).toEqual([{ audio: { mimeType: 'audio/pcm;rate=16000', data: 'AQD//w==' } }]);
    session.failure = new Error('Closed.');
    audio.capture.say(frame(1));
  });

  it('plays all audio parts of a message [W13], and the rest of the turn to its end', async () => {
    const { audio, session } = await talking();
    await session.say(spoken([1, 2], [3]), spoken([4]), { type: 'serverContent', turnComplete: true });
    expect(played(audio)).toEqual([[1, 2], [3], [4], 'end']);
  });

  it('goes by the rate that the data names', async () => {
    const { audio, session } = await talking();
    const parts = [
      { inlineData: { ...audioData([1]), mimeType: 'audio/pcm;rate=16000' } },
      { inlineData: { ...audioData([1]), mimeType: 'audio/pcm' } },
    ];
    await session.say({ type: 'serverContent', modelTurn: { role: 'model', parts } });
    expect(audio.playback.sent.map(({ message }) => message.rateHz)).toEqual([16_000, 24_000]);
  });

  it('bears messages without parts, parts without data or type, other types and odd bytes [W14, W26]', async () => {
    const { audio, session } = await talking();
    await session.say(
      { type: 'serverContent' },
      { type: 'serverContent', modelTurn: { role: 'model' } },
      {
        type: 'serverContent',
        modelTurn: {
          parts: [
            {},
            { text: 'Hm.' },
            { inlineData: {} },
            { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
            { inlineData: { data: audioData([8]).data } },
            { inlineData: { mimeType: 'audio/pcm', data: 'AQACAAM=' } },
          ],
        },
      },
      spoken([9]),
    );
    expect(played(audio)).toEqual([[8], [1, 2], [9]]);
  });

  it('silences the loudspeaker when the user cuts in, then plays what the same message brings', async () => {
    const { audio, session, conversation } = await talking();
    const cuts: unknown[] = [];
    conversation.on('interrupted', (event) => cuts.push(event));
    await session.say(spoken([1]), { ...spoken([2]), interrupted: true });
    expect(played(audio)).toEqual([[1], 'interrupt', [2]]);
    audio.playback.say({
      kind: 'interrupted',
      interruption: { playedSamples: 24_000, discardedSamples: 240 },
    });
    expect(cuts).toEqual([{ playedMs: 1_000, discardedMs: 10 }]);
    expect(conversation.figures.interruptions).toBe(1);
  });

  it('tells after each break and interruption how many there were, and counts none for who listened', async () => {
    const { audio, conversation, session } = await talking();
    const told: unknown[] = [];
    conversation.on('quality', (event) => told.push(event));
    audio.playback.say(report({}));
    audio.playback.say(report({ gaps: 2, gapMs: 40 }));
    audio.playback.say(report({ gaps: 2, gapMs: 40, playedSamples: 2_400 }));
    audio.playback.say({ kind: 'interrupted', interruption: { playedSamples: 0, discardedSamples: 0 } });
    expect(told).toEqual([
      { gaps: 2, gapMs: 40, interruptions: 0 },
      { gaps: 2, gapMs: 40, interruptions: 1 },
    ]);
    expect(session.measured).toEqual([{ gaps: 0, gapMs: 0 }, { gaps: 2, gapMs: 40 }, { interruptions: 1 }]);
  });

  it('runs functions beside the audio and answers every call [W12, W30]', async () => {
    let finish: (() => void) | undefined;
    const { audio, session } = await talking({
      functionCallingHandler: async ([call]) => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return { name: call?.name ?? '', response: { done: true } };
      },
    });
    await session.say(
      { type: 'toolCall', functionCalls: [{ id: 'a', name: 'slow', args: {} }] },
      spoken([1]),
    );
    expect(played(audio)).toEqual(['end', [1]]);
    await vi.waitFor(() => expect(finish).toBeDefined());
    finish?.();
    await session.say();
    expect(session.sent).toEqual([{ responses: [{ id: 'a', name: 'slow', response: { done: true } }] }]);
  });

  it('goes on after a handler that fails, and tells model and page', async () => {
    const { audio, session, conversation } = await talking({
      functionCallingHandler: () => Promise.reject(new Error('No.')),
    });
    const failed: string[] = [];
    const states: string[] = [];
    conversation.on('toolFailed', ({ name }) => failed.push(name));
    conversation.on('toolCall', ({ name, state }) => states.push(`${name} ${state}`));
    await session.say({ type: 'toolCall', functionCalls: [{ id: 'a', name: 'bad', args: {} }] }, spoken([1]));
    expect(session.sent).toEqual([{ responses: [{ id: 'a', name: 'bad', response: { error: 'No.' } }] }]);
    expect(failed).toEqual(['bad']);
    expect(states).toEqual(['bad began', 'bad failed']);
    expect(played(audio)).toEqual(['end', [1]]);
    await conversation.stop();
  });

  it('answers no call that the server took back', async () => {
    const { session } = await talking({
      functionCallingHandler: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        return { name: 'late', response: {} };
      },
    });
    await session.say(
      { type: 'toolCall', functionCalls: [{ id: 'a', name: 'late', args: {} }] },
      { type: 'toolCallCancellation', functionIds: ['a'] },
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(session.sent).toEqual([]);
  });

  it('sends between press and release only, as one activity, and refuses the button where none was asked for', async () => {
    const { audio, session, conversation } = await talking({ pushToTalk: true });
    audio.capture.say(frame(1));
    conversation.press();
    audio.capture.say(frame(2));
    conversation.press();
    conversation.release();
    audio.capture.say(frame(3));
    expect(session.sent).toEqual(['activityStart', { pcm: [2, 0] }, 'activityEnd']);
    conversation.press();
    await conversation.stop();
    expect(session.sent.slice(3)).toEqual(['activityStart', 'activityEnd']);
    const other = await talking();
    expect(() => other.conversation.press()).toThrow(AIError);
  });

  it('refuses push-to-talk on a session without manual activity, before anything is opened', async () => {
    const audio = new FakeAudio();
    const session = new FakeSession();
    Object.assign(session, { startActivity: undefined });
    const opening = openConversation(session.session, { pushToTalk: true }, audio.host);
    await expect(opening).rejects.toMatchObject({ code: 'unsupported' });
    expect([audio.asked, session.inConversation]).toEqual([[], false]);
  });

  it('refuses push-to-talk on a session that finds speech by itself, and takes it on another', async () => {
    const audio = new FakeAudio();
    const stage = new ScriptedStage();
    const automatic = await stage.connect();
    await expect(openConversation(automatic, { pushToTalk: true }, audio.host)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('automaticActivityDetection: { disabled: true }'),
      customErrorData: { field: 'realtimeInputConfig' },
    });
    expect([audio.asked, automatic.inConversation]).toEqual([[], false]);
    const promised = openConversation(Promise.resolve(automatic), { pushToTalk: true }, audio.host);
    await expect(promised).rejects.toMatchObject({ code: 'unsupported' });
    expect([audio.open, automatic.inConversation]).toEqual([[], false]);

    const realtimeInputConfig = { automaticActivityDetection: { disabled: true } };
    stage.tokens.answer = { openFields: ['sessionResumption', 'realtimeInputConfig'] };
    const manual = await stage.model({}, { live: { realtimeInputConfig } }).connect();
    const conversation = await openConversation(manual, { pushToTalk: true }, new FakeAudio().host);
    conversation.press();
    await settled();
    expect(stage.server.last.received.at(-1)).toEqual({ realtimeInput: { activityStart: {} } });
    await conversation.stop();
  });

  it('keeps what is said before the session is there, ten seconds at most, and sends it in order', async () => {
    const audio = new FakeAudio();
    const session = new FakeSession();
    let connect: (session: FakeSession['session']) => void = () => {};
    let isListening = false;
    const opening = openConversation(
      new Promise<FakeSession['session']>((resolve) => {
        connect = resolve;
      }),
      {
        frameMs: 20,
        onListening: () => {
          isListening = true;
        },
      },
      audio.host,
    );
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(isListening).toBe(true);
    for (let each = 0; each < 502; each++) audio.capture.say(frame(each));
    connect(session.session);
    const conversation = await opening;
    audio.capture.say(frame(502));
    expect(session.sent).toHaveLength(501);
    expect(session.sent[0]).toEqual({ pcm: [2, 0] });
    expect(session.sent.at(-1)).toEqual({ pcm: [246, 1] });
    expect(session.inConversation).toBe(true);
    await conversation.stop();
  });

  it('closes everything when the promised session is refused', async () => {
    const audio = new FakeAudio();
    const refused = new AIError('request-error', 'No minutes are left.');
    await expect(openConversation(Promise.reject(refused), {}, audio.host)).rejects.toBe(refused);
    expect(audio.open).toEqual([]);
  });

  it.each([
    ['worklet', (audio: FakeAudio) => audio.nodes[0]?.onprocessorerror?.()],
    ['worker', (audio: FakeAudio) => audio.made[0]?.break()],
  ])('rejects, and leaves the session free, where the %s breaks while it connects', async (_, breakIt) => {
    const audio = new FakeAudio();
    audio.workers = 'good';
    const session = new FakeSession();
    const { promise, resolve } = Promise.withResolvers<FakeSession['session']>();
    const opening = openConversation(promise, {}, audio.host);
    await new Promise((wait) => setTimeout(wait, 0));
    breakIt(audio);
    resolve(session.session);
    setTimeout(() => audio.elapse(), 0);
    await expect(opening).rejects.toMatchObject({
      code: 'error',
      message: expect.stringContaining('stopped working'),
    });
    expect([session.inConversation, session.consumers, audio.open]).toEqual([false, 0, []]);
  });

  it('asks for no microphone in a talk in writing, until one is chosen', async () => {
    const { audio, session, conversation } = await talking({ microphone: false });
    await session.say(spoken([1]));
    expect([audio.asked, played(audio), conversation.microphoneSettings]).toEqual([[], [[1]], undefined]);
    expect(await conversation.chooseMicrophone('desk')).toMatchObject({ deviceId: 'built-in' });
    audio.capture.say(frame(2));
    expect(session.sent).toEqual([{ pcm: [2, 0] }]);
    await conversation.stop();
    expect(audio.open).toEqual([]);
  });

  it.each(['before', 'after'])(
    'turns a chosen microphone off again that was allowed %s its capture failed',
    async (when) => {
      const { audio, conversation } = await talking({ microphone: false });
      audio.context.failures.set('addModule', new Error('404'));
      const { promise, resolve } = Promise.withResolvers<void>();
      if (when === 'after') audio.prompt = () => promise;
      await expect(conversation.chooseMicrophone('desk')).rejects.toMatchObject({ code: 'error' });
      resolve();
      await vi.waitFor(() => expect(audio.track.readyState).toBe('ended'));
      expect(conversation.microphoneSettings).toBeUndefined();
      audio.context.failures.clear();
      await conversation.chooseMicrophone('desk');
      expect(audio.open).toContain('microphone');
      await conversation.stop();
    },
  );

  it('changes microphones without a break, and stays with the first where the second is refused', async () => {
    const { audio, session, conversation } = await talking();
    await conversation.chooseMicrophone('desk');
    expect(audio.tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
    audio.prompt = () => Promise.reject(new DOMException('No.', 'NotReadableError'));
    await expect(conversation.chooseMicrophone('other')).rejects.toMatchObject({
      customErrorData: { audio: 'microphone-busy' },
    });
    audio.capture.say(frame(1));
    expect(session.sent).toEqual([{ pcm: [1, 0] }]);
    expect(audio.tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
  });

  it('plays through the chosen loudspeaker, and says where a browser cannot', async () => {
    const { audio, conversation } = await talking();
    await expect(conversation.chooseSpeaker('hall')).rejects.toMatchObject({ code: 'unsupported' });
    const chosen: string[] = [];
    Object.assign(audio.context, { setSinkId: async (id: string) => void chosen.push(id) });
    await conversation.chooseSpeaker('hall');
    expect(chosen).toEqual(['hall']);
  });

  it('pauses while the page is hidden where it is asked to, and goes on; keeps the screen on until the end', async () => {
    const { audio, session, conversation } = await talking({ pauseWhenHidden: true, keepAwake: true });
    await vi.waitFor(() => expect(audio.locks).toBe(1));
    const told: boolean[] = [];
    conversation.on('paused', ({ isPaused }) => told.push(isPaused));
    const hide = (isHidden: boolean): void => {
      audio.isHidden = isHidden;
      audio.page.dispatchEvent(new Event('visibilitychange'));
      audio.elapse();
    };
    hide(true);
    audio.capture.say(frame(1));
    hide(false);
    audio.capture.say(frame(2));
    expect(session.sent).toEqual(['audioStreamEnd', { pcm: [2, 0] }]);
    expect(audio.playback.sent.map(({ message }) => message.isPaused)).toEqual([true, false]);
    expect(told).toEqual([true, false]);
    expect(audio.locks).toBeGreaterThan(0);
    await conversation.stop();
    expect(audio.locks).toBe(0);
    const other = await talking();
    other.audio.isHidden = true;
    other.audio.page.dispatchEvent(new Event('visibilitychange'));
    expect([other.conversation.isPaused, other.audio.locks]).toEqual([false, 0]);
  });

  it('begins paused where the page is hidden by then, also before the watch of the page is there', async () => {
    const audio = new FakeAudio();
    audio.isHidden = true;
    const conversation = await openConversation(
      new FakeSession().session,
      { pauseWhenHidden: true },
      audio.host,
    );
    expect(conversation.isPaused).toBe(true);
    audio.isHidden = false;
    await vi.waitFor(() => expect(conversation.isPaused).toBe(false));
  });

  it('leaves calls to the page’s own receive() where it has no handler', async () => {
    const { session } = await talking();
    await session.say({ type: 'toolCall', functionCalls: [{ id: 'a', name: 'own', args: {} }] });
    expect(session.sent).toEqual([]);
  });

  it('sends nothing while muted, and says that the stream has ended', async () => {
    const { audio, session, conversation } = await talking();
    conversation.mute(true);
    audio.capture.say(frame(1));
    expect(conversation.isMuted).toBe(true);
    expect(session.sent).toEqual(['audioStreamEnd']);
    conversation.mute(true);
    conversation.mute(false);
    audio.capture.say(frame(2));
    expect(session.sent).toEqual(['audioStreamEnd', { pcm: [2, 0] }]);
    expect(audio.capture.sent.map(({ message }) => message.muted)).toEqual([true, false]);
  });

  it('sets the volume, and refuses what is none', async () => {
    let output: { gain: { value: number } } | undefined;
    const { conversation } = await talking({
      onGraph: (nodes) => {
        output = nodes.output;
      },
    });
    conversation.setVolume(0.25);
    expect(output?.gain.value).toBe(0.25);
    for (const volume of [-0.1, 1.1, Number.NaN])
      expect(() => conversation.setVolume(volume)).toThrow(AIError);
    expect(output?.gain.value).toBe(0.25);
  });

  it('tells levels of both sides, when the model speaks, and its gaps', async () => {
    const { audio, conversation } = await talking();
    const told: unknown[] = [];
    conversation.on('level', (event) => told.push(event));
    conversation.on('speaking', (event) => told.push(event));
    conversation.on('gap', (event) => told.push(event));
    for (let each = 0; each < 10; each++) audio.capture.say(frame(1));
    expect(told).toEqual([{ side: 'microphone', rms: expect.closeTo(0.5), peak: 0.7 }]);
    told.length = 0;
    audio.playback.say(report({ rms: 0.1, peak: 0.3 }));
    audio.playback.say(report({ state: 'starved' }));
    audio.playback.say(report({ gaps: 1, gapMs: 40, playedSamples: 2_400, queuedSamples: 240 }));
    expect(conversation.figures).toEqual({
      playedMs: 100,
      queuedMs: 10,
      gaps: 1,
      gapMs: 40,
      interruptions: 0,
    });
    audio.playback.say(report({ state: 'idle', gaps: 1, gapMs: 40 }));
    expect(told).toEqual([
      { isSpeaking: true },
      { side: 'speaker', rms: 0.1, peak: 0.3 },
      { side: 'speaker', rms: 0, peak: 0 },
      { ms: 40 },
      { side: 'speaker', rms: 0, peak: 0 },
      { isSpeaking: false },
      { side: 'speaker', rms: 0, peak: 0 },
    ]);
  });
});

describe('the end of a conversation', () => {
  it('comes with stop(): everything closed, the stream ended, the session free and open', async () => {
    const ends: ConversationEnd[] = [];
    const { audio, session, conversation } = await talking({ onEnded: (end) => ends.push(end) });
    await Promise.all([conversation.stop(), conversation.stop()]);
    await conversation.stop();
    expect(audio.open).toEqual([]);
    expect(session.sent).toEqual(['audioStreamEnd']);
    expect([session.inConversation, session.isClosed]).toEqual([false, false]);
    expect(await conversation.done).toEqual({ reason: 'stopped' });
    expect(ends).toEqual([{ reason: 'stopped' }]);
  });

  it('comes with the session’s, and the page is told [W43]', async () => {
    const ends: ConversationEnd[] = [];
    const { audio, session, conversation } = await talking({ onEnded: (end) => ends.push(end) });
    await session.end();
    expect(await conversation.done).toEqual({ reason: 'session-ended' });
    expect(ends).toEqual([{ reason: 'session-ended' }]);
    expect(audio.open).toEqual([]);
    expect(session.inConversation).toBe(false);
    await conversation.stop();
  });

  it('comes when the messages break; stop() then rejects with the reason', async () => {
    const { audio, session, conversation } = await talking();
    const error = new AIError('fetch-error', 'The network is gone.');
    await session.break(error);
    expect(await conversation.done).toEqual({ reason: 'failed', error });
    expect(audio.open).toEqual([]);
    await expect(conversation.stop()).rejects.toBe(error);
  });

  it('comes when a worklet breaks', async () => {
    const { audio, conversation } = await talking();
    audio.nodes[0]?.onprocessorerror?.();
    expect(await conversation.done).toMatchObject({ reason: 'failed', error: { code: 'error' } });
    expect(audio.open).toEqual([]);
  });

  it('does not come with the microphone’s: the model is heard on, and another may be chosen', async () => {
    const { audio, session, conversation } = await talking({ microphone: { deviceId: 'desk' } });
    const told: unknown[] = [];
    conversation.on('microphoneLost', ({ error }) => told.push(error));
    audio.prompt = () => Promise.reject(new DOMException('None.', 'NotFoundError'));
    audio.track.dispatchEvent(new Event('ended'));
    await session.say(spoken([1]));
    expect(told).toMatchObject([{ code: 'error', customErrorData: { audio: 'microphone-lost' } }]);
    expect(played(audio)).toEqual([[1]]);
    audio.prompt = async () => {};
    await conversation.chooseMicrophone('other');
    audio.capture.say(frame(3));
    expect(session.sent).toEqual([{ pcm: [3, 0] }]);
  });

  it('does not come when another microphone takes the place of a lost one', async () => {
    const { audio, session, conversation } = await talking({ microphone: { deviceId: 'desk' } });
    const told: unknown[] = [];
    conversation.on('microphoneOpened', ({ isRecovery }) => told.push(isRecovery));
    conversation.on('microphoneLost', () => told.push('lost'));
    audio.track.dispatchEvent(new Event('ended'));
    await session.say();
    expect(told).toEqual([true]);
    expect(audio.asked.map(({ audio: asked }) => typeof asked === 'object' && asked.deviceId)).toEqual([
      'desk',
      undefined,
    ]);
    await conversation.stop();
    expect(audio.open).toEqual([]);
  });

  it('leaves the session to a next conversation', async () => {
    const { session, conversation } = await talking();
    await conversation.stop();
    const next = await talking({ session });
    expect(session.inConversation).toBe(true);
    await next.conversation.stop();
  });
});
