import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePort, freePorts, holderOf, isFree } from './ports.ts';

describe('choosePort', () => {
  let server: Server | undefined;
  afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

  async function takenPort(): Promise<number> {
    const [port = 0] = await freePorts(1);
    server = createServer();
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    return port;
  }

  it('keeps the wanted port while it is free', async () => {
    const [port = 0] = await freePorts(1);
    await expect(choosePort(port, { name: 'the demo', strict: true })).resolves.toBe(port);
  });

  it('takes the next free one, and says who holds the wanted one', async () => {
    const port = await takenPort();
    const said: string[] = [];
    const chosen = await choosePort(port, { name: 'the demo', say: (text) => said.push(text) });
    expect(chosen).toBeGreaterThan(port);
    expect(await isFree(chosen)).toBe(true);
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Port ${port} \\(the demo\\) is held by process ${process.pid} \\(.*\\); using ${chosen}\\.$`,
        ),
      ),
    ]);
  });

  it('rejects, naming who holds it, where the port must be that one', async () => {
    const port = await takenPort();
    await expect(choosePort(port, { name: 'the demo', strict: true })).rejects.toThrow(
      new RegExp(`Port ${port} \\(the demo\\) is held by process ${process.pid} `),
    );
  });

  it('leaves out ports that are already promised', async () => {
    const [port = 0] = await freePorts(1);
    expect(await choosePort(port, { name: 'the demo', taken: new Set([port]) })).toBeGreaterThan(port);
  });
});

describe('freePorts', () => {
  it('are all different and free', async () => {
    const ports = await freePorts(12);
    expect(new Set(ports).size).toBe(12);
    expect(await Promise.all(ports.map(isFree))).toEqual(Array(12).fill(true));
  });
});

describe('holderOf', () => {
  it('is nobody for a free port', async () => {
    const [port = 0] = await freePorts(1);
    expect(holderOf(port)).toBeUndefined();
  });
});
