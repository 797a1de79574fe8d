/**
 * The part of the browser that pictures come from. The only file that names its globals.
 * @module
 */
import { fittingSize } from './video-policy.ts';

/** Takes pictures of one stream. */
export interface Camera {
  /** A JPEG of what is seen now; `undefined` while there is nothing to see yet. */
  take(options: {
    readonly longestSide: number;
    readonly quality: number;
  }): Promise<Uint8Array<ArrayBuffer> | undefined>;
  close(): void;
}

/** Opens streams and cameras. A seam: tests bring their own. */
export interface VideoHost {
  /** Reject with the browser's `DOMException`. */
  openCamera(constraints: MediaTrackConstraints): Promise<MediaStream>;
  openScreen(): Promise<MediaStream>;
  camera(stream: MediaStream): Promise<Camera>;
  after(ms: number, wake: () => void): () => void;
  /** In ms. */
  now(): number;
}

/** This browser. */
export const browserVideo: VideoHost = {
  openCamera: (video) => navigator.mediaDevices.getUserMedia({ video }),
  openScreen: () => navigator.mediaDevices.getDisplayMedia({ video: true }),
  async camera(stream) {
    const video = document.createElement('video');
    video.muted = true;
    // Safari shows a stream only in an element that may play inline.
    video.playsInline = true;
    video.srcObject = stream;
    await video.play();
    const canvas = document.createElement('canvas');
    const paper = canvas.getContext('2d', { alpha: false });
    return {
      async take({ longestSide, quality }) {
        const { videoWidth: width, videoHeight: height } = video;
        if (!paper || width === 0 || height === 0) return undefined;
        const size = fittingSize({ width, height }, longestSide);
        if (canvas.width !== size.width) canvas.width = size.width;
        if (canvas.height !== size.height) canvas.height = size.height;
        paper.drawImage(video, 0, 0, size.width, size.height);
        const picture = await new Promise<Blob | null>((made) => canvas.toBlob(made, 'image/jpeg', quality));
        return picture ? new Uint8Array(await picture.arrayBuffer()) : undefined;
      },
      close() {
        video.pause();
        video.srcObject = null;
      },
    };
  },
  after(ms, wake) {
    const timer = setTimeout(wake, Math.max(0, ms));
    return () => clearTimeout(timer);
  },
  now: () => performance.now(),
};
