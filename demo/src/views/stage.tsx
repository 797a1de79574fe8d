import { type Activity, activityOf, quotaText, type TalkView } from '../talk-view.ts';
import { CopyButton } from './copy-button.tsx';
import { LevelMeter } from './level-meter.tsx';

interface StageProps {
  readonly view: TalkView;
  readonly onStart: () => void;
  readonly onStop: () => void;
  readonly onMute: (muted: boolean) => void;
  readonly readMicrophone: () => number;
  readonly readSpeaker: () => number;
}

const ACTIVITY_TEXT = {
  idle: 'Ready',
  connecting: 'Connecting…',
  listening: 'Listening',
  speaking: 'Speaking',
  reconnecting: 'Reconnecting…',
  ended: 'Ended',
  error: 'Stopped',
} as const satisfies Readonly<Record<Activity, string>>;

/** The big button, what goes on, and the levels. */
export function Stage({ view, onStart, onStop, onMute, readMicrophone, readSpeaker }: StageProps) {
  const activity = activityOf(view);
  const running = view.phase === 'connecting' || view.phase === 'talking';
  const talking = view.phase === 'talking';
  const quota = quotaText(view.quota);
  return (
    <div class="stage" data-activity={activity}>
      <button
        type="button"
        class="talk"
        data-testid="talk-button"
        data-state={view.phase}
        onClick={running ? onStop : onStart}
      >
        <svg viewBox="0 0 24 24" width="36" height="36" aria-hidden="true">
          {running ? (
            <rect x="6.500" y="6.500" width="11" height="11" rx="2.500" />
          ) : (
            <>
              <rect x="9" y="3" width="6" height="11" rx="3" />
              <path d="M5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3" />
            </>
          )}
        </svg>
        <span>{running ? 'Stop' : 'Start talking'}</span>
      </button>
      <p class="activity" role="status" data-testid="state" data-state={activity}>
        {ACTIVITY_TEXT[activity]}
        {talking && view.muted && ' · microphone muted'}
      </p>
      <div class="levels">
        <LevelMeter
          label="Microphone"
          testId="mic-level"
          read={readMicrophone}
          active={talking && !view.muted}
        />
        <LevelMeter label="Speaker" testId="speaker-level" read={readSpeaker} active={talking} />
      </div>
      <button
        type="button"
        class="mute"
        data-testid="mute"
        aria-pressed={view.muted}
        disabled={!talking}
        onClick={() => onMute(!view.muted)}
      >
        {view.muted ? 'Unmute microphone' : 'Mute microphone'}
      </button>
      <dl class="facts">
        {quota !== undefined && (
          <div>
            <dt>Time</dt>
            <dd data-testid="quota">{quota}</dd>
          </div>
        )}
        {view.sessionId !== null && (
          <div>
            <dt>Session</dt>
            <dd class="session">
              <code class="clip" data-testid="session-id" title={view.sessionId}>
                {view.sessionId}
              </code>
              <CopyButton text={view.sessionId} label="session id" />
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}
