/** Turns of text, one of them with a function call; then what is refused, and the server's close. */
import {
  AIError,
  GoogleAIBackend,
  getAI,
  getLiveGenerativeModel,
  type LiveSession,
  ResponseModality,
  Schema,
} from 'firebase/ai';
import { eventually, outcome, readUntil, type Stage } from './stage.ts';

const getters = ({ isClosed, inConversation }: LiveSession): string =>
  `isClosed ${isClosed}, inConversation ${inConversation}`;

/** Runs it to its end. */
export async function textTurns({ app, note, ask }: Stage): Promise<void> {
  const ai = getAI(app, { backend: new GoogleAIBackend() });
  try {
    getLiveGenerativeModel(ai, { model: '' });
  } catch (error) {
    note('a model without a name', error instanceof AIError ? error.code : String(error));
  }
  const unknown = getLiveGenerativeModel(ai, { model: 'gemini-of-nobody' });
  note('connect() to a model that nobody serves', await outcome(() => unknown.connect()));
  const model = getLiveGenerativeModel(ai, {
    model: 'gemini-3.8-live',
    generationConfig: { responseModalities: [ResponseModality.AUDIO], outputAudioTranscription: {} },
    systemInstruction: 'Answer in a few words.',
    tools: [
      {
        functionDeclarations: [
          {
            name: 'weather',
            description: 'The weather of a place.',
            parameters: Schema.object({ properties: { place: Schema.string() } }),
          },
        ],
      },
    ],
  });
  note('model.model', model.model);
  note('model.systemInstruction', JSON.stringify(model.systemInstruction));
  const session = await model.connect();
  note('after connect()', getters(session));
  note('connectionPromise', await outcome(() => session.connectionPromise));
  await session.send('What is the weather in Oslo?');
  const calls: string[] = [];
  /** Reads to the end of the turn and answers what is called on the way. */
  const turn = (stream: ReturnType<LiveSession['receive']>): Promise<string> =>
    readUntil(stream, async (message) => {
      if (message.type === 'toolCall') {
        for (const { name, args } of message.functionCalls) calls.push(`${name}(${JSON.stringify(args)})`);
        await session.sendFunctionResponses(
          message.functionCalls.map((call) => ({
            ...(call.id === undefined ? {} : { id: call.id }),
            name: call.name,
            response: { sky: 'clear' },
          })),
        );
      }
      return message.type === 'serverContent' && message.turnComplete === true;
    });
  const first = session.receive();
  note('send(), a function call, its answer', await turn(first));
  note('the calls', calls.join());
  const notice = readUntil(first, ({ type }) => type === 'goingAwayNotice');
  await ask('go-away');
  note('goAway where connect() got nothing', await notice);
  note('after goAway', getters(session));
  note('return() of the first receive()', await outcome(() => first.return(undefined)));
  await session.send('And', false);
  await session.send('tomorrow?');
  note('a second receive(), send() in two parts', await turn(session.receive()));
  note('send([])', await outcome(() => session.send([])));
  const mixed = [{ functionResponse: { name: 'weather', response: {} } }, 'and more'];
  note('send() of a function response and text', await outcome(() => session.send(mixed)));
  note('resumeSession() where connect() got nothing', await outcome(() => session.resumeSession()));
  await ask('close');
  await eventually(() => session.isClosed);
  note('after the server closed', getters(session));
  note('send() after the server closed', await outcome(() => session.send('Hello?')));
  note('close()', await outcome(() => session.close()));
  note('close() again', await outcome(() => session.close()));
  note('after close()', getters(session));
  note('send() after close()', await outcome(() => session.send('Hello?')));
  note('sendTextRealtime() after close()', await outcome(() => session.sendTextRealtime('Hello?')));
  note('sendFunctionResponses() after close()', await outcome(() => session.sendFunctionResponses([])));
  note('receive() after close()', await readUntil(session.receive(), () => true));
}
