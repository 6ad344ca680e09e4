export { protocol } from '../../../packages/latency/src/index.ts';
export { leak } from 'perfkeel';
