/**
 * How the service tells where it heard speech begin and end, for a setup with `explicitVadSignal`.
 * @module
 */
import { durationText, type ServerMessage } from '@livegate/protocol';
import type { EmulatorSettings } from './options.ts';

/** The messages for an edge of speech that was found so many seconds into the audio of the connection. */
export function voiceSignals(
  edge: 'start' | 'end',
  atSeconds: number,
  form: EmulatorSettings['vadSignals'],
): readonly ServerMessage[] {
  const isStart = edge === 'start';
  const voiceActivity = {
    type: isStart ? 'ACTIVITY_START' : 'ACTIVITY_END',
    audioOffset: durationText(atSeconds),
  };
  const vadSignalType = isStart ? 'VAD_SIGNAL_TYPE_SOS' : 'VAD_SIGNAL_TYPE_EOS';
  return [
    ...(form === 'voiceActivityDetectionSignal' ? [] : [{ voiceActivity }]),
    ...(form === 'voiceActivity' ? [] : [{ voiceActivityDetectionSignal: { vadSignalType } }]),
  ];
}
