/**
 * The page with @google/genai, and {@link ConsoleAudio} for the sound, which that SDK leaves to the page.
 * @module
 */
import { GoogleGenAI, Modality } from '@google/genai';
import { ConsoleAudio } from './console-audio.ts';
import { BENCH_MODEL } from './page-api.ts';

let client: GoogleGenAI | undefined;
const audio = new ConsoleAudio();

window.benchPage = {
  async prepare(host) {
    client = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: `http://${host}/` } });
  },
  async press() {
    const session = await client?.live.connect({
      model: BENCH_MODEL,
      config: { responseModalities: [Modality.AUDIO] },
      callbacks: {
        onmessage({ serverContent }) {
          if (serverContent?.interrupted) audio.interrupt();
          for (const { inlineData } of serverContent?.modelTurn?.parts ?? [])
            if (inlineData?.data) audio.play(inlineData.data);
        },
      },
    });
    await audio.open((data) =>
      session?.sendRealtimeInput({ audio: { mimeType: 'audio/pcm;rate=16000', data } }),
    );
  },
  async stop() {
    await audio.close();
  },
};
