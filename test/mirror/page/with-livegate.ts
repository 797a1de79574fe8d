/**
 * The page with @livegate/web.
 * @module
 */
import { connectLiveEmulator, getAI } from '@livegate/web';
import { playWith } from './play.ts';

playWith((app, liveHost) => connectLiveEmulator(getAI(app), liveHost));
