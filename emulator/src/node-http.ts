/**
 * Node's HTTP, as CommonJS has it. An `import` of the module reads every export of it, the lazy `WebSocket` among them,
 * and that loads a whole second HTTP client: 50 ms and 13 MB at every start (Node 24.21).
 * @module
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');
