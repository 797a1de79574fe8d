declare module '@echogarden/fvad-wasm' {
  /** The compiled detector. Pointers are offsets into the module's memory. */
  interface FvadModule {
    readonly HEAP16: Int16Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _fvad_new(): number;
    _fvad_free(detector: number): void;
    _fvad_set_mode(detector: number, mode: number): number;
    _fvad_set_sample_rate(detector: number, rateHz: number): number;
    _fvad_process(detector: number, frame: number, samples: number): number;
  }
  const load: () => Promise<FvadModule>;
  // biome-ignore lint/style/noDefaultExport: the package has one
  export default load;
}
