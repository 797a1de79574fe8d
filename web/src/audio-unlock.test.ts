import { describe, expect, it } from 'vitest';
import { FakeAudio } from '../test-support/fake-audio.ts';
import { keepRunning } from './audio-unlock.ts';

function kept({ isLocked = false } = {}) {
  const audio = new FakeAudio();
  const { context } = audio;
  context.isLocked = isLocked;
  const told: boolean[] = [];
  const stop = keepRunning(context as unknown as AudioContext, {
    host: audio.host,
    onBlocked: (isBlocked) => told.push(isBlocked),
  });
  const touch = (): void => {
    audio.gestures.dispatchEvent(new Event('pointerdown'));
  };
  return { audio, context, told, stop, touch };
}

describe('keepRunning', () => {
  it('asks the context to run, and tells nothing when it does', () => {
    const { audio, context, told } = kept();
    expect(context.state).toBe('running');
    audio.elapse();
    expect(told).toEqual([]);
  });

  it('tells that the context is held back, and lets it run at the next gesture', () => {
    const { audio, context, told, touch } = kept({ isLocked: true });
    expect(told).toEqual([]);
    audio.elapse();
    expect(told).toEqual([true]);
    context.isLocked = false;
    touch();
    expect(context.state).toBe('running');
    expect(told).toEqual([true, false]);
  });

  it('brings back a context that a telephone call interrupted', () => {
    const { audio, context, told, touch } = kept();
    context.become('interrupted' as AudioContextState);
    audio.elapse();
    touch();
    expect(context.state).toBe('running');
    expect(told).toEqual([true, false]);
  });

  it('leaves a running context alone, and every context once it is stopped', () => {
    const { audio, context, told, stop, touch } = kept();
    touch();
    expect(context.resumes).toBe(1);
    stop();
    context.become('suspended');
    touch();
    audio.elapse();
    expect(context.resumes).toBe(1);
    expect(told).toEqual([]);
  });
});
