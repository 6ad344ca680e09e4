import { build } from 'esbuild';
await build({entryPoints:['packages/baseline/.h.ts'],outfile:'/tmp/h-out.mjs',bundle:true,platform:'node',format:'esm',conditions:['@perfkeel/source']});
