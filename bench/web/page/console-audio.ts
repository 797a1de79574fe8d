/**
 * Sound as Google's console examples for the Live API do it, in our own words: a worklet that collects 2,048 samples of
 * a 16 kHz context, and sources of 24 kHz buffers that are started one behind the other on a gain that fades at an
 * interruption. @google/genai brings no sound of its own.
 * @module
 */

/** Samples in a message of the microphone. */
const CHUNK_SAMPLES = 2_048;
const INPUT_HZ = 16_000;
const OUTPUT_HZ = 24_000;
/** Silence before the first buffer of an answer, and the fade at an interruption, in seconds. */
const AHEAD_SECONDS = 0.1;
const FADE_SECONDS = 0.1;

const COLLECTOR = `
registerProcessor('console-collector', class extends AudioWorkletProcessor {
  chunk = new Int16Array(${CHUNK_SAMPLES});
  filled = 0;
  process([[samples]]) {
    if (!samples) return true;
    for (const sample of samples) {
      this.chunk[this.filled++] = sample * 32768;
      if (this.filled < this.chunk.length) continue;
      this.port.postMessage(this.chunk.slice().buffer);
      this.filled = 0;
    }
    return true;
  }
});`;

/** Both ends of a conversation. */
export class ConsoleAudio {
  #input: AudioContext | undefined;
  #output: AudioContext | undefined;
  #stream: MediaStream | undefined;
  #gain: GainNode | undefined;
  #nextAt = 0;
  #sources: AudioBufferSourceNode[] = [];

  /** Opens both; `onChunk` gets base64 of 16 kHz PCM16LE. */
  async open(onChunk: (base64: string) => void): Promise<void> {
    this.#output = new AudioContext();
    this.#gain = this.#output.createGain();
    this.#gain.connect(this.#output.destination);
    this.#stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    this.#input = new AudioContext({ sampleRate: INPUT_HZ });
    const source = this.#input.createMediaStreamSource(this.#stream);
    const file = URL.createObjectURL(new Blob([COLLECTOR], { type: 'text/javascript' }));
    await this.#input.audioWorklet.addModule(file);
    const collector = new AudioWorkletNode(this.#input, 'console-collector');
    collector.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => onChunk(base64Of(data));
    source.connect(collector);
  }

  /** Plays 24 kHz PCM16LE after what waits. */
  play(base64: string): void {
    if (!this.#output || !this.#gain) return;
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
    const view = new DataView(bytes.buffer);
    const buffer = this.#output.createBuffer(1, bytes.length >> 1, OUTPUT_HZ);
    const samples = buffer.getChannelData(0);
    for (let at = 0; at < samples.length; at++) samples[at] = view.getInt16(at * 2, true) / 32_768;
    const source = this.#output.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#gain);
    const now = this.#output.currentTime;
    if (this.#nextAt < now) this.#nextAt = now + AHEAD_SECONDS;
    source.start(this.#nextAt);
    this.#nextAt += buffer.duration;
    this.#sources.push(source);
    source.onended = () => {
      this.#sources = this.#sources.filter((each) => each !== source);
    };
  }

  /** Fades out, forgets what waits, and is ready for the next answer. */
  interrupt(): void {
    if (!this.#output || !this.#gain) return;
    const [gone, sources] = [this.#gain, this.#sources];
    gone.gain.linearRampToValueAtTime(0, this.#output.currentTime + FADE_SECONDS);
    setTimeout(
      () => {
        for (const source of sources) source.stop();
        gone.disconnect();
      },
      FADE_SECONDS * 1_000 + 50,
    );
    this.#sources = [];
    this.#nextAt = 0;
    this.#gain = this.#output.createGain();
    this.#gain.connect(this.#output.destination);
  }

  async close(): Promise<void> {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    await Promise.all([this.#input?.close(), this.#output?.close()]);
  }
}

function base64Of(buffer: ArrayBuffer): string {
  let text = '';
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}
