import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** What Node itself has loaded, in a process of its own that runs this. */
async function loadedBy(program: string): Promise<string> {
  const code = `${program}; console.log(process.moduleLoadList.join());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  return stdout;
}

const SECOND_CLIENT = 'internal/deps/undici';

describe('the command', () => {
  it('loads no HTTP client that it does not use', async () => {
    const start = new URL('start.ts', import.meta.url).href;
    const run = `const { startLiveEmulator } = await import(${JSON.stringify(start)}); await (await startLiveEmulator()).close()`;
    expect(await loadedBy(run)).not.toContain(SECOND_CLIENT);
    expect(await loadedBy("await import('node:http')")).toContain(SECOND_CLIENT);
  });
});
