import { registerHooks } from 'node:module';

// `node --import` of this: Plinth as it would be without its log. Facts are written with the change as ever, and stay where they are
// written: no sequencer gives them a place, nothing is chained, nobody signs.
const STUBS: Readonly<Record<string, string>> = {
  '/kit/src/log/sequencer.ts': 'export const startSequencer = () => ({ wake() {}, async stop() {} }); export const step = async () => 0;',
  '/kit/src/log/signer.ts': 'export const startSigning = () => ({ async stop() {} }); export const createSigning = () => async () => null;',
};
registerHooks({
  load(url, context, next) {
    const stub = Object.entries(STUBS).find(([path]) => url.endsWith(path));
    return stub ? { format: 'module', source: stub[1], shortCircuit: true } : next(url, context);
  },
});
