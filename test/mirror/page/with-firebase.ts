/**
 * The page with firebase/ai. It dials Google's host only, so what the page calls WebSocket leads to the emulator, on
 * the path of the Developer API and with the model's name as that path writes it.
 * @module
 */
import { playWith } from './play.ts';

playWith((_app, liveHost) => {
  const Original = globalThis.WebSocket;
  const path = 'google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
  globalThis.WebSocket = class extends Original {
    constructor(url: string | URL) {
      super(`ws://${liveHost}/ws/${path}${new URL(url).search}`);
    }

    override send(data: string): void {
      super.send(data.replace(/("model":")projects\/[^/"]+\//, '$1'));
    }
  };
});
