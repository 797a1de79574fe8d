/**
 * Ports on 127.0.0.1: the one wanted, else the next free one, else a message that names who holds it.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

/** Who listens on a port. `command` is as the system shows it. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

/** How {@link choosePort} goes about a port that is taken. */
export interface PortChoice {
  /** What the port is for, for the message. */
  readonly name: string;
  /** `true`: a taken port is an error. Default: the next free one is used. */
  readonly strict?: boolean;
  /** Ports not to use though they are free. */
  readonly taken?: ReadonlySet<number>;
  /** Is told, in a sentence, when another port than the wanted one is used. */
  readonly say?: (text: string) => void;
}

const LAST_PORT = 65_535;
/** How far to look for the next free port. */
const REACH = 200;

/**
 * The wanted port if it is free, else the next free one above it. Rejects, naming who holds the wanted one, where
 * `strict` is set or none of the next 200 is free.
 */
export async function choosePort(wanted: number, choice: PortChoice): Promise<number> {
  const isUsable = async (port: number): Promise<boolean> =>
    choice.taken?.has(port) !== true && (await isFree(port));
  if (await isUsable(wanted)) return wanted;
  const held = `Port ${wanted} (${choice.name}) is held by ${describeHolder(holderOf(wanted))}`;
  if (choice.strict === true) throw new Error(`${held}. End it, or choose another port.`);
  for (let port = wanted + 1; port <= Math.min(wanted + REACH, LAST_PORT); port++) {
    if (await isUsable(port)) {
      choice.say?.(`${held}; using ${port}.`);
      return port;
    }
  }
  throw new Error(`${held}, and none of the next ${REACH} ports is free.`);
}

/** So many different free ports, as the system hands them out. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => portOf(server));
  await Promise.all(servers.map(closed));
  return ports;
}

/** Whether 127.0.0.1 takes a listener on the port now. */
export async function isFree(port: number): Promise<boolean> {
  try {
    await closed(await listen(port));
    return true;
  } catch {
    return false;
  }
}

/** Who listens on the port, as far as this user may know. */
export function holderOf(port: number): PortHolder | undefined {
  if (process.platform === 'linux') return linuxHolder(port);
  if (process.platform === 'win32') return windowsHolder(port);
  const found = output('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
  const pid = Number(/^p(\d+)$/m.exec(found)?.[1]);
  return pid > 0 ? { pid, command: /^c(.+)$/m.exec(found)?.[1] ?? '?' } : undefined;
}

function describeHolder(holder: PortHolder | undefined): string {
  return holder === undefined
    ? 'a process that this user may not look at'
    : `process ${holder.pid} (${holder.command})`;
}

/** /proc: a listening socket's inode, then the process that has it open. State `0A` is LISTEN. */
function linuxHolder(port: number): PortHolder | undefined {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    read(table)
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', , state]) => local.endsWith(`:${hexPort}`) && state === '0A')
      .map((columns) => `socket:[${columns[9]}]`),
  );
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const has = readdirSync(`/proc/${pid}/fd`).some((fd) =>
        inodes.includes(readlinkSync(`/proc/${pid}/fd/${fd}`)),
      );
      if (has)
        return { pid: Number(pid), command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() };
    } catch {
      // Another user's process, or one that has just ended.
    }
  }
  return undefined;
}

function windowsHolder(port: number): PortHolder | undefined {
  const line = output('netstat', ['-ano', '-p', 'TCP'])
    .split('\n')
    .map((each) => each.trim().split(/\s+/))
    .find(([, local = '', , state]) => local.endsWith(`:${port}`) && state === 'LISTENING');
  const pid = Number(line?.[4]);
  if (!(pid > 0)) return undefined;
  const [command = '?'] = output('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']).split(',');
  return { pid, command: command.trim().replaceAll('"', '') };
}

function output(command: string, args: readonly string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  return address.port;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
