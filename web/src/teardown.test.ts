import { describe, expect, it } from 'vitest';
import { Teardown } from './teardown.ts';

describe('Teardown', () => {
  it('closes in reverse order, each after the one before, once', async () => {
    const teardown = new Teardown();
    const order: string[] = [];
    teardown.add(() => order.push('first opened'));
    teardown.add(async () => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      order.push('last opened');
    });
    void teardown.close();
    await teardown.close();
    expect(order).toEqual(['last opened', 'first opened']);
  });

  it('closes the rest when one step fails', async () => {
    const teardown = new Teardown();
    let isClosed = false;
    teardown.add(() => {
      isClosed = true;
    });
    teardown.add(() => {
      throw new Error('It is stuck.');
    });
    teardown.add(() => Promise.reject(new Error('So is this.')));
    await teardown.close();
    expect(isClosed).toBe(true);
  });

  it('closes at once what is opened too late', async () => {
    const teardown = new Teardown();
    await teardown.close();
    let isClosed = false;
    teardown.add(() => {
      isClosed = true;
    });
    expect(isClosed).toBe(true);
  });
});
