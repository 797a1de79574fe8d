import { describe, expect, it } from 'vitest';
import { createFourier } from './fourier.ts';

const signal = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, index) => Math.sin(index * index * 0.37) + 0.1 * index);

describe('createFourier', () => {
  it('agrees with the sum it stands for', () => {
    const input = signal(16);
    const real = input.slice();
    const imaginary = new Float64Array(16);
    createFourier(16).forward(real, imaginary);
    for (let k = 0; k < 16; k++) {
      const angle = (index: number) => (-2 * Math.PI * k * index) / 16;
      expect(real[k]).toBeCloseTo(
        input.reduce((sum, each, index) => sum + each * Math.cos(angle(index)), 0),
        9,
      );
      expect(imaginary[k]).toBeCloseTo(
        input.reduce((sum, each, index) => sum + each * Math.sin(angle(index)), 0),
        9,
      );
    }
  });

  it('gives back what it took', () => {
    const real = signal(1_024);
    const imaginary = signal(1_024).reverse();
    const fourier = createFourier(1_024);
    fourier.forward(real, imaginary);
    fourier.inverse(real, imaginary);
    expect(Math.max(...real.map((each, index) => Math.abs(each - (signal(1_024)[index] ?? 0))))).toBeLessThan(
      1e-9,
    );
    expect(imaginary[0]).toBeCloseTo(signal(1_024)[1_023] ?? 0, 9);
  });
});
