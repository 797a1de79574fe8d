import type { PictureSource } from '../picture.ts';
import { activityOf } from '../talk-view.ts';
import { activityText } from '../talk-words.ts';
import type { TalkControl } from '../use-talk.ts';
import { HoldButton } from './hold-button.tsx';
import { LevelMeter } from './level-meter.tsx';

interface StageProps {
  readonly talk: TalkControl;
  /** Starts a talk, with the microphone or in writing only. */
  readonly onStart: (microphone: boolean) => void;
  /** Opens the microphone of a talk that began without. */
  readonly onMicrophone: () => void;
}

/** The big button, what goes on, the levels, and what can be done in mid-talk. */
export function Stage({ talk, onStart, onMicrophone }: StageProps) {
  const { view, stop, mute, hold, share, readMicrophone, readSpeaker } = talk;
  const activity = activityOf(view);
  const running = view.phase === 'connecting' || view.phase === 'talking';
  const talking = view.phase === 'talking';
  return (
    <div class="stage" data-activity={activity}>
      <button
        type="button"
        class="talk"
        data-testid="talk-button"
        data-state={view.phase}
        onClick={running ? stop : () => onStart(true)}
      >
        <TalkIcon running={running} />
        <span>{running ? 'Stop' : 'Start talking'}</span>
      </button>
      <p class="activity" data-testid="state" data-state={activity}>
        {activityText(view)}
      </p>
      {talking && view.pushToTalk && view.hasMicrophone && <HoldButton held={view.held} onHold={hold} />}
      <div class="levels">
        <LevelMeter
          label="Microphone"
          testId="mic-level"
          read={readMicrophone}
          active={talking && view.hasMicrophone && !view.muted}
        />
        <LevelMeter label="Speaker" testId="speaker-level" read={readSpeaker} active={talking} />
      </div>
      {talking ? (
        <div class="acts">
          {view.hasMicrophone ? (
            <button
              type="button"
              class="toggle"
              data-testid="mute"
              aria-pressed={view.muted}
              onClick={() => mute(!view.muted)}
            >
              {view.muted ? 'Unmute' : 'Mute'}
            </button>
          ) : (
            <button
              type="button"
              data-testid="open-microphone"
              aria-label="Use the microphone"
              onClick={onMicrophone}
            >
              Microphone
            </button>
          )}
          <ShareButton source="camera" shared={view.picture?.source} onShare={share} />
          {'getDisplayMedia' in (navigator.mediaDevices ?? {}) && (
            <ShareButton source="screen" shared={view.picture?.source} onShare={share} />
          )}
        </div>
      ) : (
        !running && (
          <button type="button" class="plain" data-testid="type-only" onClick={() => onStart(false)}>
            Type only, without a microphone
          </button>
        )
      )}
    </div>
  );
}

interface ShareButtonProps {
  readonly source: PictureSource;
  readonly shared: PictureSource | undefined;
  readonly onShare: (source: PictureSource | null) => void;
}

function ShareButton({ source, shared, onShare }: ShareButtonProps) {
  const isShared = shared === source;
  return (
    <button
      type="button"
      class="toggle"
      data-testid={`share-${source}`}
      aria-pressed={isShared}
      onClick={() => onShare(isShared ? null : source)}
    >
      {source === 'camera' ? 'Camera' : 'Screen'}
    </button>
  );
}

function TalkIcon({ running }: { readonly running: boolean }) {
  return (
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
  );
}
