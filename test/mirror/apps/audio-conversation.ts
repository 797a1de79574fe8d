/** A conversation by microphone and loudspeaker, with a function that the model calls. */
import {
  type FunctionCall,
  getAI,
  getLiveGenerativeModel,
  type LiveSession,
  startAudioConversation,
} from 'firebase/ai';
import { eventually, outcome, type Stage } from './stage.ts';

const getters = ({ isClosed, inConversation }: LiveSession): string =>
  `isClosed ${isClosed}, inConversation ${inConversation}`;

/** Runs it to its end. */
export async function audioConversation({ app, note, ask }: Stage): Promise<void> {
  const model = getLiveGenerativeModel(getAI(app), { model: 'gemini-3.8-live' });
  const session = await model.connect();
  const called: FunctionCall[] = [];
  const conversation = await startAudioConversation(session, {
    async functionCallingHandler(calls) {
      called.push(...calls);
      const [call] = calls;
      return {
        ...(call?.id === undefined ? {} : { id: call.id }),
        name: call?.name ?? '',
        response: { sky: 'clear' },
      };
    },
  });
  note('while it runs', getters(session));
  note('a second conversation', await outcome(() => startAudioConversation(session)));
  await ask('turn');
  note('the calls', called.map(({ name, args }) => `${name}(${JSON.stringify(args)})`).join());
  note('stop()', await outcome(() => conversation.stop()));
  note('stop() again', await outcome(() => conversation.stop()));
  note('after stop()', getters(session));
  const two = await Promise.allSettled([startAudioConversation(session), startAudioConversation(session)]);
  note('two at the same time', two.map(({ status }) => status).join(', '));
  for (const started of two) if (started.status === 'fulfilled') await started.value.stop();
  const last = await startAudioConversation(session);
  await ask('close');
  await eventually(() => !session.inConversation);
  note('after the server closed', getters(session));
  note('stop() after the server closed', await outcome(() => last.stop()));
  await session.close();
  note('after close()', getters(session));
  note('a conversation after close()', await outcome(() => startAudioConversation(session)));
}
