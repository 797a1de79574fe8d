/**
 * What is asked of the microphone.
 * @module
 */

/**
 * The constraints of a conversation: mono, echo cancelled, noise and level evened out, each asked for by name
 * because browsers differ in what they do unasked. `own` overrides them one by one, and adds others (`deviceId`).
 */
export function microphoneConstraints(own: MediaTrackConstraints = {}): MediaStreamConstraints {
  return {
    audio: {
      channelCount: { ideal: 1 },
      echoCancellation: { ideal: true },
      noiseSuppression: { ideal: true },
      autoGainControl: { ideal: true },
      ...own,
    },
  };
}
