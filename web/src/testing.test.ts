import { describe, expect, test } from 'vitest';
import { FakeAudio } from '../test-support/fake-audio.ts';
import { openConversation } from './audio-conversation.ts';
import { ScriptedStage } from './testing.ts';

const LIVE = { live: { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } } };

describe('ScriptedStage', () => {
  test('gives the set-up that was asked for, so that a page may mark speech itself', async () => {
    const stage = new ScriptedStage();
    const session = await stage.model({ model: 'gemini-2.5-flash-native-audio' }, LIVE).connect();
    expect(stage.server.last.setup).toMatchObject({
      model: 'models/gemini-2.5-flash-native-audio',
      realtimeInputConfig: LIVE.live.realtimeInputConfig,
    });
    await session.startActivity();
    await session.endActivity();
    expect(stage.server.last.received.slice(1)).toEqual([
      { realtimeInput: { activityStart: {} } },
      { realtimeInput: { activityEnd: {} } },
    ]);
    await session.close();
  });

  test('gives the same set-up with every later lease', async () => {
    const stage = new ScriptedStage();
    const session = await stage.model({}, LIVE).connect();
    await stage.clock.advance(200_000);
    expect(stage.server.sockets.length).toBeGreaterThan(1);
    for (const { setup } of stage.server.sockets) expect(setup).toMatchObject(LIVE.live);
    await session.startActivity();
    await session.close();
  });

  test('gives automatic detection to who asks for nothing', async () => {
    const session = await new ScriptedStage().connect();
    await expect(session.startActivity()).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('lets a page press to talk', async () => {
    const stage = new ScriptedStage();
    const session = await stage.model({}, LIVE).connect();
    const conversation = await openConversation(session, { pushToTalk: true }, new FakeAudio().host);
    conversation.press();
    conversation.release();
    await stage.clock.advance(0);
    expect(stage.server.last.received.slice(1)).toEqual([
      { realtimeInput: { activityStart: {} } },
      { realtimeInput: { activityEnd: {} } },
    ]);
    await conversation.stop();
  });

  test('closes with 1007 on what the service would not read, and throws nothing into the app', async () => {
    const stage = new ScriptedStage();
    const session = await stage.connect();
    const socket = stage.server.last;
    await session.sendVideoRealtime({ mimeType: 'image/jpeg', data: 'not base64!' });
    await stage.clock.advance(0);
    expect(socket.closedBy).toEqual({ code: 1007, reason: expect.stringContaining('realtimeInput.video') });
    expect(socket.received).toHaveLength(1);
  });
});
