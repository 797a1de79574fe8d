/**
 * Which port each part of a stack gets.
 * @module
 */
import { choosePort, freePorts } from './ports.ts';
import { EMULATOR_NAMES, type FirebaseConfig, type StackPorts } from './stack-config.ts';

/** The Live emulator's port where the usual ones are wanted. */
export const LIVE_PORT = 9590;

/** What a stack's ports go by. */
export interface PortOptions {
  /** `any`: free ports as the system hands them out (default). `usual`: those of `firebase.json`, or the next free ones. */
  readonly ports?: 'any' | 'usual';
  /** With `usual` ports: a taken one is an error that names who holds it. */
  readonly strictPorts?: boolean;
  /** The demo's port; an error that names who holds it where it is taken. */
  readonly demoPort?: number;
  /** Takes what a person should know on the way. */
  readonly say?: (text: string) => void;
}

/** The Live emulator's port; 0 lets the system choose. */
export async function livePort({ ports, strictPorts = false, say }: PortOptions): Promise<number> {
  if (ports !== 'usual') return 0;
  return choosePort(LIVE_PORT, { name: 'the Live emulator', strict: strictPorts, ...(say ? { say } : {}) });
}

/** A port for every emulator of firebase-tools, all different. */
export async function stackPorts(deployed: FirebaseConfig, options: PortOptions): Promise<StackPorts> {
  const { ports = 'any', strictPorts = false, demoPort, say } = options;
  const names = [...EMULATOR_NAMES, 'websocket'] as const;
  const free = ports === 'any' ? await freePorts(names.length) : [];
  const chosen = new Map<(typeof names)[number], number>();
  for (const [index, name] of names.entries()) {
    const given = name === 'hosting' ? demoPort : undefined;
    const usual =
      name === 'websocket' ? deployed.emulators.firestore.websocketPort : deployed.emulators[name].port;
    const port =
      (given === undefined ? free[index] : undefined) ??
      (await choosePort(given ?? usual, {
        name: name === 'hosting' ? 'the demo' : `the ${name} emulator`,
        strict: strictPorts || given !== undefined,
        taken: new Set(chosen.values()),
        ...(say ? { say } : {}),
      }));
    chosen.set(name, port);
  }
  return Object.fromEntries(chosen) as StackPorts;
}
