import { useEffect, useRef } from 'preact/hooks';
import type { Picture } from '../picture.ts';
import { Ticking } from './ticking.tsx';

interface PicturePreviewProps {
  readonly picture: Picture;
  readonly onStop: () => void;
}

/** What the model sees, small, and a button that ends it. */
export function PicturePreview({ picture, onStop }: PicturePreviewProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = picture.stream;
  }, [picture]);
  const what = picture.source === 'camera' ? 'your camera' : 'your screen';
  return (
    <section
      class="preview"
      aria-label="What the model sees"
      data-testid="preview"
      data-source={picture.source}
    >
      <video ref={video} autoplay muted playsInline aria-label={`Preview of ${what}`} />
      <div class="preview-words">
        <p>
          The model sees <strong>{what}</strong>.
        </p>
        <p class="muted">
          <Ticking read={() => `Pictures sent: ${picture.sent()}, one a second`} testId="pictures-sent" />
        </p>
        <button type="button" class="small" data-testid="stop-picture" onClick={onStop}>
          Stop sharing
        </button>
      </div>
    </section>
  );
}
