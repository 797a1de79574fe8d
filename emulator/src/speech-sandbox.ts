/**
 * The least of WASI that a program needs which reads its arguments and writes one file: no file system, no network, no
 * environment, no time. Node's own WASI would do, but says that it is experimental on every start and needs a folder.
 * Source: WASI preview 1, wasi_snapshot_preview1.witx, read 2026-11-21.
 * @module
 */

/** What is needed of the global WebAssembly; the types of Node do not declare it. */
interface Compiler {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  instantiate(
    module: WasmModule,
    imports: object,
  ): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
}
const { WebAssembly: compiler } = globalThis as unknown as { readonly WebAssembly: Compiler };

/** A compiled program. */
export type WasmModule = object;

/** Compiles a program. */
export function compileProgram(bytes: Uint8Array): Promise<WasmModule> {
  return compiler.compile(bytes);
}

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const DIRECTORY_DESCRIPTOR = 3;
const FILE_DESCRIPTOR = 4;
/** File types: a terminal for the standard streams, a directory, a regular file. */
const FILE_TYPES = [2, 2, 2, 3, 4] as const;
/** The one folder there is. */
const FOLDER = '/out';
const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;
/** The file grows by this much at least, in bytes. */
const GROWTH = 1 << 20;

class Exit extends Error {
  override readonly name = 'Exit';
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/**
 * Runs a program to its end, on this thread; gives what it wrote to `/out/<any name>`. `args` begin with its own name.
 * Throws an Error where it ends with another code than 0 or breaks down.
 */
export async function runProgram(module: WasmModule, args: readonly string[]): Promise<Uint8Array> {
  const file = new MemoryFile();
  let memory: { readonly buffer: ArrayBuffer } = { buffer: new ArrayBuffer(0) };
  const view = (): DataView => new DataView(memory.buffer);
  const bytesAt = (at: number, length: number): Uint8Array => new Uint8Array(memory.buffer, at, length);
  const words = args.map((arg) => Buffer.from(`${arg.replaceAll('\0', ' ')}\0`));

  const program = {
    args_sizes_get(countAt: number, bytesCountAt: number): number {
      view().setUint32(countAt, words.length, true);
      view().setUint32(
        bytesCountAt,
        words.reduce((sum, { length }) => sum + length, 0),
        true,
      );
      return SUCCESS;
    },
    args_get(listAt: number, textAt: number): number {
      let at = textAt;
      for (const [index, word] of words.entries()) {
        view().setUint32(listAt + 4 * index, at, true);
        bytesAt(at, word.length).set(word);
        at += word.length;
      }
      return SUCCESS;
    },
    clock_time_get(_clock: number, _precision: bigint, at: number): number {
      view().setBigUint64(at, 0n, true);
      return SUCCESS;
    },
    proc_exit(code: number): never {
      throw new Exit(code);
    },
    fd_prestat_get(descriptor: number, at: number): number {
      if (descriptor !== DIRECTORY_DESCRIPTOR) return BAD_DESCRIPTOR;
      view().setUint32(at, 0, true);
      view().setUint32(at + 4, FOLDER.length, true);
      return SUCCESS;
    },
    fd_prestat_dir_name(descriptor: number, at: number, length: number): number {
      if (descriptor !== DIRECTORY_DESCRIPTOR) return BAD_DESCRIPTOR;
      bytesAt(at, length).set(Buffer.from(FOLDER).subarray(0, length));
      return SUCCESS;
    },
    fd_fdstat_get(descriptor: number, at: number): number {
      const type = FILE_TYPES[descriptor];
      if (type === undefined) return BAD_DESCRIPTOR;
      view().setUint32(at, type, true);
      view().setUint32(at + 4, 0, true);
      view().setBigUint64(at + 8, ALL_RIGHTS, true);
      view().setBigUint64(at + 16, ALL_RIGHTS, true);
      return SUCCESS;
    },
    fd_fdstat_set_flags: (): number => SUCCESS,
    fd_close: (): number => SUCCESS,
    path_open(...open: readonly unknown[]): number {
      view().setUint32(Number(open.at(-1)), FILE_DESCRIPTOR, true);
      return SUCCESS;
    },
    fd_read(_descriptor: number, _pieces: number, _count: number, at: number): number {
      view().setUint32(at, 0, true);
      return SUCCESS;
    },
    fd_write(descriptor: number, piecesAt: number, count: number, at: number): number {
      let written = 0;
      for (let index = 0; index < count; index++) {
        const from = view().getUint32(piecesAt + 8 * index, true);
        const length = view().getUint32(piecesAt + 8 * index + 4, true);
        if (descriptor === FILE_DESCRIPTOR) file.write(bytesAt(from, length));
        written += length;
      }
      view().setUint32(at, written, true);
      return SUCCESS;
    },
    fd_seek(descriptor: number, offset: bigint, whence: number, at: number): number {
      if (descriptor !== FILE_DESCRIPTOR) return BAD_DESCRIPTOR;
      view().setBigUint64(at, BigInt(file.seek(Number(offset), whence)), true);
      return SUCCESS;
    },
  };

  const { exports } = await compiler.instantiate(module, { wasi_snapshot_preview1: program });
  memory = exports.memory as typeof memory;
  try {
    (exports._start as () => void)();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    if (error.code !== 0) throw new Error(`The program ended with ${error.code}.`, { cause: error });
  }
  return file.bytes;
}

/** A file that is written, with a place to write at. */
class MemoryFile {
  #bytes = new Uint8Array(GROWTH);
  #length = 0;
  #at = 0;

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  write(piece: Uint8Array): void {
    const end = this.#at + piece.length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(piece, this.#at);
    this.#at = end;
    this.#length = Math.max(this.#length, end);
  }

  /** `whence` 0 from the start, 1 from here, 2 from the end. */
  seek(offset: number, whence: number): number {
    const from = [0, this.#at, this.#length][whence] ?? 0;
    this.#at = Math.max(0, from + offset);
    return this.#at;
  }
}
