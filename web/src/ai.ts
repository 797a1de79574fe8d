/**
 * The AI service object of an app.
 * @module
 */
import { type FirebaseApp, getApp } from 'firebase/app';
import { type Backend, backendAddress, GoogleAIBackend } from './backend.ts';

/** What `getAI` takes. */
export interface AIOptions {
  /** {@link GoogleAIBackend} unless given. */
  backend?: Backend;
  /** Callables are then called with a limited-use App Check token. */
  useLimitedUseAppCheckTokens?: boolean;
}

/** An AI service: ours, or firebase/ai's as it is. */
export interface AI {
  app: FirebaseApp;
  backend: Backend;
  options?: AIOptions;
  /** @deprecated Use `backend.location`. Empty for the Developer API. */
  location: string;
}

const instances = new WeakMap<FirebaseApp, Map<string, AI>>();

/**
 * The AI service of an app: one object per app and backend, whose options are those of the last call.
 * Throws what `getApp` throws where no app is initialised.
 */
export function getAI(app: FirebaseApp = getApp(), options: AIOptions = {}): AI {
  const backend = options.backend ?? new GoogleAIBackend();
  const { location = '' } = backendAddress(backend);
  const ofApp = instances.get(app) ?? new Map<string, AI>();
  instances.set(app, ofApp);
  const key = `${backend.backendType}/${location}`;
  const ai: AI = ofApp.get(key) ?? { app, backend, location };
  ofApp.set(key, ai);
  ai.options = { useLimitedUseAppCheckTokens: options.useLimitedUseAppCheckTokens ?? false };
  return ai;
}
