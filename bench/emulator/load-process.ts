/** The load generator, in a process of its own. */
import { answerParent } from './child.ts';
import { type LoadOrder, type LoadResult, runLoad } from './load.ts';

answerParent<LoadOrder, LoadResult>(runLoad);
